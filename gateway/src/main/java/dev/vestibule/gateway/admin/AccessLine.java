package dev.vestibule.gateway.admin;

import dev.vestibule.gateway.Passage;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a line of the access log is written, without its end. All of it is printable ASCII: what a
 * client sends can neither end a line nor do anything to a terminal. Used by one thread.
 */
sealed interface AccessLine {

  /** Of a path, whose length clients choose. */
  int MOST_CHARACTERS = 500;

  void append(StringBuilder out, Instant at, Passage passage);

  void appendDropped(StringBuilder out, Instant at, long lines);

  DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** In columns; what has no value is a dash. */
  final class Text implements AccessLine {

    @Override
    public void append(StringBuilder out, Instant at, Passage passage) {
      TIME.formatTo(at, out);
      left(out.append(' '), orDash(address(passage.client())), 15);
      left(out.append(' '), word(passage.kind()), 7);
      left(out.append(' '), word(passage.outcome()), 8);
      left(out.append(' '), passage.status() == 0 ? "-" : String.valueOf(passage.status()), 3);
      right(out.append(" wait "), seconds(passage.waited()), 8);
      right(out.append(" took "), seconds(passage.duration()), 10);
      right(out.append(" in "), Long.toString(passage.bytesIn()), 8);
      right(out.append(" out "), Long.toString(passage.bytesOut()), 8);
      left(out.append(" close "), close(passage), 13);
      left(out.append(' '), orDash(passage.upstream()), 8);
      out.append(' ').append(printable(passage.method()));
      out.append(' ').append(printable(passage.path()));
      if (passage.reason() != null) {
        out.append(' ').append(passage.reason());
      }
      if (passage.midFrame()) {
        out.append(" cut within a frame");
      }
    }

    @Override
    public void appendDropped(StringBuilder out, Instant at, long lines) {
      TIME.formatTo(at, out);
      out.append(" access log: ").append(lines).append(" lines dropped, output is too slow");
    }

    private static String close(Passage passage) {
      if (!isSession(passage)) {
        return "-";
      }
      String code = passage.closeCode() == 0 ? "-" : Integer.toString(passage.closeCode());
      return code + "/" + word(passage.closedBy());
    }

    private static String orDash(@Nullable String text) {
      return text == null ? "-" : printable(text);
    }

    private static String printable(String text) {
      return Printable.of(cut(text), true);
    }

    private static String seconds(Duration duration) {
      long millis = duration.toMillis();
      String rest = Long.toString(1_000 + millis % 1_000);
      return millis / 1_000 + "." + rest.substring(1) + "s";
    }

    private static void left(StringBuilder out, String text, int width) {
      out.append(text).repeat(' ', Math.max(0, width - text.length()));
    }

    private static void right(StringBuilder out, String text, int width) {
      out.repeat(' ', Math.max(0, width - text.length())).append(text);
    }
  }

  /** One object; what has no value is null. */
  final class Json implements AccessLine {

    @Override
    public void append(StringBuilder out, Instant at, Passage passage) {
      boolean session = isSession(passage);
      dev.vestibule.waterfall.Json json =
          new dev.vestibule.waterfall.Json()
              .field("time", TIME.format(at))
              .field("client", address(passage.client()))
              .field("kind", word(passage.kind()))
              .field("method", cut(passage.method()))
              .field("path", cut(passage.path()))
              .field("upstream", passage.upstream())
              .field("outcome", word(passage.outcome()))
              .field("reason", passage.reason())
              .field("status", passage.status())
              .field("waitMillis", passage.waited())
              .field("durationMillis", passage.duration())
              .field("bytesIn", passage.bytesIn())
              .field("bytesOut", passage.bytesOut())
              .field("closedBy", session ? word(passage.closedBy()) : null);
      if (session && passage.closeCode() != 0) {
        json.field("closeCode", passage.closeCode());
      } else {
        json.raw("closeCode", "null");
      }
      out.append(json.raw("midFrame", Boolean.toString(passage.midFrame())));
    }

    @Override
    public void appendDropped(StringBuilder out, Instant at, long lines) {
      out.append(
          new dev.vestibule.waterfall.Json()
              .field("time", TIME.format(at))
              .field("dropped", lines));
    }
  }

  private static boolean isSession(Passage passage) {
    return passage.kind() == Passage.Kind.UPGRADE && passage.status() == 101;
  }

  /** Without asking who that is, and without the port, which says nothing of anybody. */
  private static @Nullable String address(@Nullable InetSocketAddress client) {
    if (client == null) {
      return null;
    }
    return client.getAddress() == null
        ? client.getHostString()
        : client.getAddress().getHostAddress();
  }

  private static String cut(String text) {
    return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "...";
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
