package dev.vestibule.jetty;

import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** An allowlist of origins, compared as RFC 6454 section 5 does: by scheme, host and port. */
final class Origins implements Screening {

  private final Set<String> allowed = new HashSet<>();
  private final boolean required;

  Origins(Set<String> exact, boolean required) {
    this.required = required;
    for (String origin : exact) {
      allowed.add(checked(origin));
    }
  }

  @Override
  public @Nullable Rejection screen(Request request) {
    List<String> sent = request.getHeaders().getValuesList(HttpHeader.ORIGIN);
    if (sent.isEmpty()) {
      return required ? new Rejection(403, "Origin: none (expected: one that is allowed)") : null;
    }
    // A second one is nobody's page; so is "null", which sandboxed pages send.
    boolean known = sent.size() == 1 && allowed.contains(sent.get(0).toLowerCase(Locale.ROOT));
    return known ? null : new Rejection(403, "This origin is not allowed.");
  }

  private static String checked(String origin) {
    try {
      URI uri = URI.create(origin);
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      boolean redundantPort =
          (scheme.equals("https") && uri.getPort() == 443)
              || (scheme.equals("http") && uri.getPort() == 80);
      if (uri.getHost() != null
          && !redundantPort
          && origin.equals(
              uri.getScheme()
                  + "://"
                  + uri.getHost()
                  + (uri.getPort() < 0 ? "" : ":" + uri.getPort()))) {
        return origin.toLowerCase(Locale.ROOT);
      }
    } catch (IllegalArgumentException e) {
      // Said below, with what was expected.
    }
    throw new IllegalArgumentException(
        "origin: " + origin + " (expected: scheme://host or scheme://host:port, as browsers send)");
  }
}
