package dev.vestibule.gateway.admin;

/** Text of others' making, as it can be written to a log or a terminal without doing anything. */
final class Printable {

  private static final String HEX = "0123456789abcdef";

  private Printable() {}

  /**
   * Writes out what is not printable ASCII as {@code \\u001b}; and the backslash itself, so that
   * what was written out can be told from what was sent.
   *
   * @param word whether spaces are written out as well, so that it stays one word
   */
  static String of(String text, boolean word) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        out.append("\\\\");
      } else if ((c > ' ' && c < 0x7f) || (c == ' ' && !word)) {
        out.append(c);
      } else {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          out.append(HEX.charAt(c >> shift & 0xf));
        }
      }
    }
    return out.toString();
  }
}
