package dev.vestibule.gateway.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The target of a request, of which routes see the decoded path and the server every byte.
 *
 * <p>Servers read paths differently: some decode them and some do not, some join {@code //}, some
 * take {@code %2f} for a slash, and servlet containers forget what follows a {@code ;}. A client
 * must not be able to have the rules of one route applied while the server sees the path of
 * another, so a path of which there are two readings is a mistake: with {@code //}, with {@code .}
 * or {@code ..} as a segment, with a backslash, or with a letter, a digit, a dot, a slash, a
 * backslash or a control character written as {@code %xx}, which no honest client does; also where
 * decoding twice would bring one of these forth. What remains encoded, such as spaces and letters
 * beyond ASCII, means the same to all.
 *
 * <p>Two things are the server's to settle, and for its owner to keep in mind when writing routes:
 * whether capitals matter, and whether {@code /a/} is {@code /a}.
 */
final class Target {

  private static final Target NO_ORIGIN_FORM =
      wrong("target: not a path (expected: one that begins with /)");
  private static final Target STRANGE_CHARACTER =
      wrong("target: a character that must be encoded (expected: visible ASCII, no #)");
  private static final Target BAD_ENCODING =
      wrong("path: % without two hexadecimal digits, or not UTF-8 (expected: %xx of UTF-8)");
  private static final Target AMBIGUOUS =
      wrong(
          "path: can be read in two ways (expected: no //, no \\, no . or .. as a segment,"
              + " no encoded letter, digit, dot, slash or control character)");

  private final String path;
  private final @Nullable String mistake;
  private final boolean hasParameters;

  private Target(String path, @Nullable String mistake, boolean hasParameters) {
    this.path = path;
    this.mistake = mistake;
    this.hasParameters = hasParameters;
  }

  private static Target wrong(String mistake) {
    return new Target("", mistake, false);
  }

  /**
   * Reads a target in origin form (RFC 9112 section 3.2.1), the only one that servers are sent.
   *
   * @param target as it was sent
   * @param pathMatters whether there is more than one route; where every path is the same route's,
   *     the server alone reads it, and no reading is a mistake
   */
  static Target parse(String target, boolean pathMatters) {
    if (!target.startsWith("/")) {
      return NO_ORIGIN_FORM;
    }
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c <= ' ' || c >= 0x7F || c == '#') {
        return STRANGE_CHARACTER;
      }
    }
    int query = target.indexOf('?');
    String raw = query < 0 ? target : target.substring(0, query);
    if (!pathMatters) {
      return new Target(raw, null, false);
    }
    if (isAmbiguous(raw)) {
      return AMBIGUOUS;
    }
    if (raw.indexOf('%') < 0) {
      return new Target(raw, null, raw.indexOf(';') >= 0);
    }
    return decoded(raw);
  }

  /** Decoded where that matters, without the query; empty where there is a mistake. */
  String path() {
    return path;
  }

  /** What is wrong with it; null: nothing. */
  @Nullable String mistake() {
    return mistake;
  }

  /** Whether a servlet container would see a shorter path than others do. */
  boolean hasParameters() {
    return hasParameters;
  }

  private static Target decoded(String raw) {
    byte[] once = decode(raw.getBytes(StandardCharsets.US_ASCII), true);
    if (once == null) {
      return BAD_ENCODING;
    }
    if (once.length == 0) {
      return AMBIGUOUS;
    }
    String path;
    try {
      path = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(once)).toString();
    } catch (CharacterCodingException e) {
      return BAD_ENCODING;
    }
    byte[] twice = decode(once, false);
    boolean ambiguous =
        twice != null
            && (twice.length == 0 || isAmbiguous(new String(twice, StandardCharsets.ISO_8859_1)));
    return ambiguous ? AMBIGUOUS : new Target(path, null, path.indexOf(';') >= 0);
  }

  /**
   * Replaces each {@code %xx}. Null where one is malformed; nothing at all where one stands for
   * what nobody encodes who means well. (The second time only what would move to another place in
   * the tree counts, since {@code %2561} is how {@code %61} is written.)
   */
  private static byte @Nullable [] decode(byte[] text, boolean first) {
    byte[] bytes = new byte[text.length];
    int length = 0;
    for (int i = 0; i < text.length; i++) {
      int b = text[i];
      if (b == '%') {
        int high = i + 2 < text.length ? Character.digit((char) (text[i + 1] & 0xFF), 16) : -1;
        int low = i + 2 < text.length ? Character.digit((char) (text[i + 2] & 0xFF), 16) : -1;
        if (high < 0 || low < 0) {
          return null;
        }
        b = high << 4 | low;
        i += 2;
        if (isSeparator(b) || (first && isNeverEncoded(b))) {
          return new byte[0];
        }
      }
      bytes[length++] = (byte) b;
    }
    return Arrays.copyOf(bytes, length);
  }

  private static boolean isSeparator(int b) {
    return b == '/' || b == '\\' || b == '.' || b == 0;
  }

  private static boolean isNeverEncoded(int b) {
    boolean letter = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
    return letter || (b >= '0' && b <= '9') || b < ' ' || b == 0x7F;
  }

  private static boolean isAmbiguous(String path) {
    int start = 1;
    for (int i = 1; i <= path.length(); i++) {
      if (i < path.length() && path.charAt(i) == '\\') {
        return true;
      }
      if (i == path.length() || path.charAt(i) == '/') {
        boolean joined = i == start && i < path.length();
        if (joined || isDots(path, start, i)) {
          return true;
        }
        start = i + 1;
      }
    }
    return false;
  }

  /** {@code .} or {@code ..}, also with parameters, which some servers remove first. */
  private static boolean isDots(String path, int start, int end) {
    int semicolon = path.indexOf(';', start);
    int length = (semicolon >= 0 && semicolon < end ? semicolon : end) - start;
    return length > 0 && length <= 2 && path.startsWith("..".substring(0, length), start);
  }
}
