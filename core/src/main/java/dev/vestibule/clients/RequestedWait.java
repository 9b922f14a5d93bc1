package dev.vestibule.clients;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How long a client says that it will wait, in a header or, since a browser's script cannot set
 * headers on a WebSocket, in a query parameter.
 */
public final class RequestedWait {

  /** The query parameter: seconds, such as {@code /chat?vestibule-wait=2.5}. */
  public static final String PARAMETER = "vestibule-wait";

  // Also a bound on what is parsed at all.
  private static final Pattern SECONDS = Pattern.compile("\\d{1,5}(\\.\\d{1,3})?");
  private static final Pattern WAIT =
      Pattern.compile("\\s*wait\\s*=\\s*\"?(\\d{1,5})\"?\\s*(;.*)?", Pattern.CASE_INSENSITIVE);
  private static final int MOST_PREFERENCES = 16;

  private RequestedWait() {}

  /**
   * What a {@code Prefer: wait=10} header says (RFC 7240, section 4.3: whole seconds). What cannot
   * be understood is ignored, as its section 2 demands.
   *
   * @param value of the header; null when there is none
   * @return zero or more; null when it says nothing of a wait
   */
  public static @Nullable Duration ofPrefer(@Nullable String value) {
    if (value == null) {
      return null;
    }
    for (String preference : value.split(",", MOST_PREFERENCES)) {
      Matcher wait = WAIT.matcher(preference);
      if (wait.matches()) {
        // The first one counts, section 2.
        return Duration.ofSeconds(Long.parseLong(wait.group(1)));
      }
    }
    return null;
  }

  /**
   * What the query of a request says.
   *
   * @param query raw, without the question mark; null when there is none
   * @return zero or more; null when it does not name the parameter
   * @throws IllegalArgumentException when the parameter is there and is no number of seconds,
   *     naming its value and what was expected; fit for a stranger's eyes
   */
  public static @Nullable Duration ofQuery(@Nullable String query) {
    String value = query == null ? null : parameter(query);
    if (value == null) {
      return null;
    }
    if (!SECONDS.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "%s: %s (expected: seconds, 0 to 99999, such as 2.5)".formatted(PARAMETER, shown(value)));
    }
    return Duration.ofMillis(new BigDecimal(value).movePointRight(3).longValueExact());
  }

  private static @Nullable String parameter(String query) {
    int at = 0;
    while (at <= query.length()) {
      int end = query.indexOf('&', at);
      String pair = query.substring(at, end < 0 ? query.length() : end);
      if (pair.startsWith(PARAMETER + "=")) {
        return pair.substring(PARAMETER.length() + 1);
      }
      at = end < 0 ? query.length() + 1 : end + 1;
    }
    return null;
  }

  /** A stranger's text, safe to be shown. */
  private static String shown(String value) {
    String start = value.substring(0, Math.min(20, value.length()));
    return start.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.%+-]", "?");
  }
}
