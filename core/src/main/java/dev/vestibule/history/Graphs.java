package dev.vestibule.history;

import dev.vestibule.PhaseSnapshot;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;

/** Tells one graph of phases from another. */
final class Graphs {

  /** The first eight bytes of a SHA-256 (FIPS 180-4), in hexadecimal: enough for a handful. */
  static final int KEY_LENGTH = 16;

  private Graphs() {}

  /** The same for the same names, dependencies and options, in whatever order they were defined. */
  static String key(List<PhaseSnapshot> graph) {
    TreeSet<String> lines = new TreeSet<>();
    for (PhaseSnapshot phase : graph) {
      StringBuilder line = new StringBuilder(encoded(phase.name()));
      line.append(phase.optional() ? '?' : '!');
      for (String after : new TreeSet<>(phase.after())) {
        line.append(' ').append(encoded(after));
      }
      lines.add(line.toString());
    }
    byte[] bytes = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(sha256().digest(bytes)).substring(0, KEY_LENGTH);
  }

  /** A name without spaces or marks, as in a form (application/x-www-form-urlencoded). */
  static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has it", e);
    }
  }
}
