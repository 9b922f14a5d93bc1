package dev.vestibule.chat.web;

import dev.vestibule.chat.House;
import dev.vestibule.chat.signin.Session;
import dev.vestibule.chat.signin.SessionTokens;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** Believes the session cookie, unless its session was revoked. */
final class SessionFilter extends OncePerRequestFilter {

  private final House house;

  SessionFilter(House house) {
    this.house = house;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Session session = session(request);
    if (session != null) {
      SecurityContext context = SecurityContextHolder.createEmptyContext();
      context.setAuthentication(
          UsernamePasswordAuthenticationToken.authenticated(session, null, List.of()));
      SecurityContextHolder.setContext(context);
    }
    try {
      chain.doFilter(request, response);
    } finally {
      SecurityContextHolder.clearContext();
    }
  }

  private @Nullable Session session(HttpServletRequest request) {
    Cookie[] cookies = request.getCookies();
    if (cookies == null) {
      return null;
    }
    for (Cookie cookie : cookies) {
      if (cookie.getName().equals(SessionTokens.COOKIE)) {
        Session session = house.tokens().check(cookie.getValue());
        if (session != null && !house.revocations().isRevoked(session)) {
          return session;
        }
      }
    }
    return null;
  }
}
