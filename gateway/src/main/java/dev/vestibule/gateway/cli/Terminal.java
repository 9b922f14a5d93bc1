package dev.vestibule.gateway.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** Whether somebody sits in front of this process. */
final class Terminal {

  private Terminal() {}

  /** Whether standard error is a terminal that may show colours (no-color.org). */
  static boolean colours() {
    String type = System.getenv("TERM");
    String none = System.getenv("NO_COLOR");
    if (type == null || type.equals("dumb") || (none != null && !none.isEmpty())) {
      return false;
    }
    try {
      // The JDK knows it of standard input and output alone.
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (java.io.IOException e) {
      return false;
    }
  }
}
