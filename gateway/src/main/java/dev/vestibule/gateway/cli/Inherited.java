package dev.vestibule.gateway.cli;

import dev.vestibule.gateway.config.Mistakes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A listening socket that the process was started with, by the protocol of sd_listen_fds(3). */
final class Inherited {

  /** SD_LISTEN_FDS_START: the first descriptor that is passed. */
  static final int FIRST = 3;

  private Inherited() {}

  /**
   * Its descriptor.
   *
   * @param environment as the process has it
   * @param pid the process; variables that are for another one do not count
   * @param descriptors the directory that lists what is open
   * @param mistakes told when there is a socket, but not one
   */
  static @Nullable Integer descriptor(
      Map<String, String> environment, long pid, Path descriptors, Mistakes mistakes) {
    String count = environment.getOrDefault("LISTEN_FDS", "");
    if (count.isEmpty()
        || !environment.getOrDefault("LISTEN_PID", "").equals(String.valueOf(pid))) {
      return null;
    }
    if (!count.equals("1")) {
      mistakes.add("LISTEN_FDS", count, "1, a socket to listen at");
      return null;
    }
    try {
      String open = Files.readSymbolicLink(descriptors.resolve(String.valueOf(FIRST))).toString();
      if (open.startsWith("socket:")) {
        return FIRST;
      }
      mistakes.add("LISTEN_FDS", open, "descriptor " + FIRST + " to be a socket");
    } catch (IOException e) {
      mistakes.add("LISTEN_FDS", count, "descriptor " + FIRST + " to be open");
    }
    return null;
  }
}
