package dev.vestibule.spring;

import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes one JSON object, RFC 8259. Not safe for use by many threads. */
final class Json {

  private static final String HEX = "0123456789abcdef";

  private final StringBuilder out = new StringBuilder("{");

  Json field(String name, @Nullable Object value) {
    return raw(name, value == null ? "null" : quoted(value.toString()));
  }

  Json field(String name, long value) {
    return raw(name, Long.toString(value));
  }

  /** In milliseconds, with microsecond resolution. */
  Json field(String name, @Nullable Duration value) {
    return raw(
        name, value == null ? "null" : String.format(Locale.ROOT, "%.3f", value.toNanos() / 1e6));
  }

  Json field(String name, Collection<Json> values) {
    return raw(
        name, values.stream().map(Json::toString).collect(Collectors.joining(",", "[", "]")));
  }

  private Json raw(String name, String value) {
    out.append(out.length() == 1 ? "" : ",").append(quoted(name)).append(':').append(value);
    return this;
  }

  /** A string with its quotes, section 7; in ASCII, so that no console's encoding can spoil it. */
  static String quoted(String value) {
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

  @Override
  public String toString() {
    return out + "}";
  }
}
