package dev.vestibule.chat.web;

import dev.vestibule.chat.House;
import dev.vestibule.spring.AdminHandler;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * {@code /metrics} on the admin side: figures are nothing for strangers. Without Boot's actuator,
 * which would bring all of its endpoints, and delay the start, for this one.
 */
@Configuration(proxyBeanMethods = false)
class FiguresRoute {

  @Bean
  PrometheusMeterRegistry meterRegistry(House house) {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    house.bindTo(registry);
    return registry;
  }

  @Bean
  AdminHandler metrics(PrometheusMeterRegistry registry) {
    return new AdminHandler("/metrics", new Scrape(registry));
  }
}
