package dev.vestibule.gateway.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How many files and sockets this process may open. */
final class OpenFiles {

  private static final String LIMIT = "Max open files";

  private OpenFiles() {}

  /**
   * The limit that holds now; the JVM has raised it as far as it may.
   *
   * @param limits as {@code /proc/self/limits}, proc_pid_limits(5)
   * @return without a bound where there is none, or where it is not known
   */
  static int most(Path limits) {
    try {
      for (String line : Files.readAllLines(limits)) {
        if (line.startsWith(LIMIT)) {
          String soft = line.substring(LIMIT.length()).strip().split("\\s+", 2)[0];
          return soft.equals("unlimited")
              ? Integer.MAX_VALUE
              : (int) Math.min(Integer.MAX_VALUE, Long.parseLong(soft));
        }
      }
    } catch (IOException | NumberFormatException e) {
      // Not Linux.
    }
    return Integer.MAX_VALUE;
  }
}
