package dev.vestibule.waterfall;

import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes one JSON object, RFC 8259, in ASCII. Not safe for use by many threads. */
public final class Json {

  private static final String HEX = "0123456789abcdef";

  private final StringBuilder out = new StringBuilder("{");

  /** Begins an object without members. */
  public Json() {}

  /**
   * Adds a string.
   *
   * @param name of the member
   * @param value written as {@code toString} has it; null is written as null
   * @return this
   */
  public Json field(String name, @Nullable Object value) {
    return raw(name, value == null ? "null" : quoted(value.toString()));
  }

  /**
   * Adds a whole number.
   *
   * @param name of the member
   * @param value any
   * @return this
   */
  public Json field(String name, long value) {
    return raw(name, Long.toString(value));
  }

  /**
   * Adds a time as a number of milliseconds, with microsecond resolution.
   *
   * @param name of the member
   * @param value any; null is written as null
   * @return this
   */
  public Json field(String name, @Nullable Duration value) {
    return raw(
        name, value == null ? "null" : String.format(Locale.ROOT, "%.3f", value.toNanos() / 1e6));
  }

  /**
   * Adds an array of objects.
   *
   * @param name of the member
   * @param values written in their order
   * @return this
   */
  public Json field(String name, Collection<Json> values) {
    return raw(
        name, values.stream().map(Json::toString).collect(Collectors.joining(",", "[", "]")));
  }

  /**
   * Adds what is JSON already.
   *
   * @param name of the member
   * @param value any JSON value
   * @return this
   */
  public Json raw(String name, String value) {
    out.append(out.length() == 1 ? "" : ",").append(quoted(name)).append(':').append(value);
    return this;
  }

  /**
   * A string with its quotes, section 7; in ASCII, so that no console's encoding can spoil it, and
   * without control characters.
   *
   * @param value any text
   * @return a JSON string
   */
  public static String quoted(String value) {
    StringBuilder out = new StringBuilder(value.length() + 2).append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c == '\n') {
        out.append("\\n");
      } else if (c < 0x20 || c > 0x7e) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          out.append(HEX.charAt(c >> shift & 0xf));
        }
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }

  /**
   * The object.
   *
   * @return on one line
   */
  @Override
  public String toString() {
    return out + "}";
  }
}
