package dev.vestibule.chat.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Turns away what the application never wants: pages of foreign origins, whether or not the gate
 * was open when they came, and bodies that are too large to be a sign-in. Looks at every request: a
 * path can be written in many ways, and what is not looked at here would be let through.
 */
final class BorderFilter extends OncePerRequestFilter {

  private static final int MOST_BODY = 16 * 1024;

  private final Set<String> origins;

  BorderFilter(Set<String> origins) {
    this.origins = origins;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String origin = request.getHeader("Origin");
    if (origin != null && !origins.contains(origin.toLowerCase(Locale.ROOT))) {
      Problems.write(response, HttpStatus.FORBIDDEN, "This Origin is not allowed here.");
    } else if (request.getContentLengthLong() > MOST_BODY) {
      Problems.write(
          response, HttpStatus.CONTENT_TOO_LARGE, "At most " + MOST_BODY + " bytes are read.");
    } else if (request.getContentLengthLong() < 0
        && request.getHeader("Transfer-Encoding") != null) {
      Problems.write(response, HttpStatus.LENGTH_REQUIRED, "Say how long the request is.");
    } else {
      chain.doFilter(request, response);
    }
  }
}
