package dev.vestibule;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Problem details, RFC 9457: what somebody hears over HTTP who is not let in. Immutable.
 *
 * @param status an HTTP status, 400 to 599
 * @param title the status in words, such as {@code Service Unavailable}
 * @param detail for a person, and seen by strangers
 * @param more further members with their values, in the order in which they are written; empty when
 *     there are none
 */
public record Problem(int status, String title, String detail, Map<String, String> more) {

  /** The media type of {@link #toJson()}, RFC 9457 section 3. */
  public static final String MEDIA_TYPE = "application/problem+json";

  // RFC 9457 section 3.1.
  private static final Set<String> OWN = Set.of("type", "title", "status", "detail", "instance");

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the status is no error, or a further member has the name
   *     of one that every problem has
   */
  public Problem {
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException("status: " + status + " (expected: 400 to 599)");
    }
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(detail, "detail");
    more = Collections.unmodifiableMap(new LinkedHashMap<>(more));
    for (String name : more.keySet()) {
      if (OWN.contains(name)) {
        throw new IllegalArgumentException("more: " + name + " (expected: none of RFC 9457's own)");
      }
    }
  }

  /**
   * A problem without further members.
   *
   * @param status an HTTP status, 400 to 599
   * @param title the status in words
   * @param detail for a person, and seen by strangers
   * @throws IllegalArgumentException when the status is no error
   */
  public Problem(int status, String title, String detail) {
    this(status, title, detail, Map.of());
  }

  /**
   * As it is sent.
   *
   * @return one JSON object, on one line
   */
  public String toJson() {
    StringBuilder json =
        new StringBuilder("{\"type\":\"about:blank\",\"title\":")
            .append(Text.quoted(title))
            .append(",\"status\":")
            .append(status)
            .append(",\"detail\":")
            .append(Text.quoted(detail));
    more.forEach((name, value) ->
        json.append(',').append(Text.quoted(name)).append(':').append(Text.quoted(value)));
    return json.append('}').toString();
  }
}
