package dev.vestibule.chat.assistant;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Writes Markdown around values that somebody else may have chosen. */
final class Markdown {

  private Markdown() {}

  /** A table; cells are escaped. */
  static String table(List<String> head, List<List<String>> rows) {
    StringBuilder out = new StringBuilder();
    row(out, head);
    out.append("|").append(" --- |".repeat(head.size())).append('\n');
    rows.forEach(cells -> row(out, cells));
    return out.toString();
  }

  private static void row(StringBuilder out, List<String> cells) {
    out.append('|');
    cells.forEach(cell -> out.append(' ').append(escape(cell)).append(" |"));
    out.append('\n');
  }

  /** One line in which no character means anything to Markdown or HTML. */
  static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length() + 8);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) || Character.isWhitespace(c)) {
        out.append(' ');
      } else {
        if ("\\`*_{}[]<>()#+!|~&".indexOf(c) >= 0) {
          out.append('\\');
        }
        out.append(c);
      }
    }
    return out.toString();
  }

  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.2f s", duration.toNanos() / 1e9);
  }

  static String count(long number, String one, String many) {
    return number + " " + (number == 1 ? one : many);
  }
}
