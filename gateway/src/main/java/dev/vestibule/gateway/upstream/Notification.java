package dev.vestibule.gateway.upstream;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one datagram of systemd's notify protocol says: assignments, one a line (sd_notify(3)).
 * Those that concern nobody here ({@code MAINPID}, {@code WATCHDOG}, {@code FDSTORE} and so on) are
 * left out.
 *
 * @param said what was said, in order
 * @param status the last {@code STATUS}, harmless to print; null: none
 */
record Notification(List<Said> said, @Nullable String status) {

  /** What a server says of itself. */
  enum Said {
    READY,
    STOPPING,
    RELOADING
  }

  /** The most bytes of a datagram; what is longer is malformed. The same as systemd's own bound. */
  static final int MOST_BYTES = 4096;

  /** The most characters of a status; the rest is cut off. */
  static final int MOST_STATUS = 200;

  /** Reads a datagram; null if it is malformed, and then none of it counts. */
  static @Nullable Notification parse(byte[] datagram) {
    if (datagram.length == 0 || datagram.length > MOST_BYTES) {
      return null;
    }
    // What is not UTF-8 becomes U+FFFD.
    String text = new String(datagram, StandardCharsets.UTF_8);
    List<Said> said = new ArrayList<>();
    String status = null;
    for (String line : text.split("\n", -1)) {
      int equals = line.indexOf('=');
      if ((!line.isEmpty() && equals <= 0) || line.indexOf('\0') >= 0) {
        return null;
      }
      switch (line) {
        case "READY=1" -> said.add(Said.READY);
        case "STOPPING=1" -> said.add(Said.STOPPING);
        case "RELOADING=1" -> said.add(Said.RELOADING);
        default -> {
          if (line.startsWith("STATUS=")) {
            status = printable(line.substring(equals + 1));
          }
        }
      }
    }
    return new Notification(List.copyOf(said), status);
  }

  /**
   * Without what moves a cursor, changes a color, ends a line of the log, or turns the direction of
   * writing.
   */
  private static String printable(String text) {
    StringBuilder kept = new StringBuilder();
    text.codePoints()
        .filter(Notification::isPrintable)
        .limit(MOST_STATUS)
        .forEach(kept::appendCodePoint);
    return kept.toString().strip();
  }

  private static boolean isPrintable(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
