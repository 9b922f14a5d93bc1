package dev.vestibule.chat.web;

import dev.vestibule.chat.ChatServer;
import dev.vestibule.chat.House;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.context.NullSecurityContextRepository;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

/** Who may do what, and what browsers are told about it. */
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
class SecurityRules {

  private static final String CONTENT_POLICY =
      "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:;"
          + " frame-ancestors 'none'";

  // Left to the last moment they miss what Jetty sends without asking: large files.
  private static final ObjectPostProcessor<HeaderWriterFilter> EAGERLY =
      new ObjectPostProcessor<>() {
        @Override
        public <F extends HeaderWriterFilter> F postProcess(F filter) {
          filter.setShouldWriteHeadersEagerly(true);
          return filter;
        }
      };

  @Bean
  SecurityFilterChain rules(HttpSecurity http, House house, ChatServer.Origins origins) {
    return http.csrf(csrf -> csrf.spa())
        .sessionManagement(
            session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .securityContext(
            context -> context.securityContextRepository(new NullSecurityContextRepository()))
        .requestCache(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .formLogin(AbstractHttpConfigurer::disable)
        .httpBasic(AbstractHttpConfigurer::disable)
        .headers(headers ->
            headers
                .withObjectPostProcessor(EAGERLY)
                .contentSecurityPolicy(policy -> policy.policyDirectives(CONTENT_POLICY))
                .referrerPolicy(policy -> policy.policy(ReferrerPolicy.NO_REFERRER)))
        .addFilterAfter(new BorderFilter(origins.allowed()), HeaderWriterFilter.class)
        .addFilterBefore(new SessionFilter(house), AnonymousAuthenticationFilter.class)
        .authorizeHttpRequests(requests ->
            requests
                .requestMatchers("/api/sign-in/**", "/api/sign-out", "/error")
                .permitAll()
                .requestMatchers("/api/**", "/chat", "/chat/**")
                .authenticated()
                .requestMatchers(HttpMethod.GET, "/**")
                .permitAll()
                .requestMatchers(HttpMethod.HEAD, "/**")
                .permitAll()
                .anyRequest()
                .denyAll())
        .exceptionHandling(handling ->
            handling
                .authenticationEntryPoint((request, response, e) ->
                    Problems.write(response, HttpStatus.UNAUTHORIZED, "Sign in first."))
                .accessDeniedHandler((request, response, e) ->
                    Problems.write(
                        response,
                        HttpStatus.FORBIDDEN,
                        "Not allowed; send the cookie XSRF-TOKEN's value as X-XSRF-TOKEN.")))
        .build();
  }
}
