package dev.vestibule.gateway.child;

import dev.vestibule.gateway.upstream.NotifySocket;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One start of the child: its process, and what was made for it alone. */
final class ChildRun {

  /** As shells have it (POSIX, Shell Command Language, 2.8.2). */
  static final int NOT_FOUND = 127;

  static final int NOT_EXECUTABLE = 126;

  private static final Pattern KERNEL_SAYS = Pattern.compile("error[:=] ?\\d+,? \\(?([^()]+)");

  /** What a supervisor of ours has told us and a grandchild must not take for its own. */
  private static final List<String> NOT_FOR_CHILDREN =
      List.of(
          "NOTIFY_SOCKET",
          "WATCHDOG_USEC",
          "WATCHDOG_PID",
          "LISTEN_FDS",
          "LISTEN_PID",
          "LISTEN_FDNAMES");

  private final InetSocketAddress at;
  private final @Nullable NotifySocket notify;
  // Set once it was spawned; read by whoever sends a signal.
  private volatile @Nullable Process process;
  private long startedAt;
  private volatile @Nullable Long readyAt;

  ChildRun(InetSocketAddress at, @Nullable NotifySocket notify) {
    this.at = at;
    this.notify = notify;
  }

  InetSocketAddress at() {
    return at;
  }

  @Nullable NotifySocket notifySocket() {
    return notify;
  }

  /** Starts the process; blocks while that happens. */
  Process spawn(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    Map<String, String> environment = builder.environment();
    NOT_FOR_CHILDREN.forEach(environment::remove);
    environment.put("PORT", Integer.toString(at.getPort()));
    environment.put("HOST", at.getAddress().getHostAddress());
    if (notify != null) {
      environment.put("NOTIFY_SOCKET", notify.path().toString());
    }
    return builder.start();
  }

  void started(Process process, long now) {
    this.process = process;
    startedAt = now;
  }

  @Nullable Process process() {
    return process;
  }

  long startedAt() {
    return startedAt;
  }

  /** The first time in this run that all of it was ready. */
  void ready(long now) {
    if (readyAt == null) {
      readyAt = now;
    }
  }

  @Nullable Long readyAt() {
    return readyAt;
  }

  void close() {
    if (notify != null) {
      notify.close();
    }
  }

  /** What the kernel said, out of what the JDK wraps it in, such as "error: 13 (Not now)". */
  static String reason(IOException cause) {
    Matcher error = KERNEL_SAYS.matcher(String.valueOf(cause.getMessage()));
    return error.find() ? " (" + error.group(1) + ")" : "";
  }

  /** The exit code of a command that could not be started. */
  static int codeWithout(String program, @Nullable String searched) {
    if (program.contains("/")) {
      return Files.exists(Path.of(program)) ? NOT_EXECUTABLE : NOT_FOUND;
    }
    String path = searched == null ? "/usr/bin:/bin" : searched;
    for (String directory : path.split(File.pathSeparator, -1)) {
      if (Files.isRegularFile(Path.of(directory.isEmpty() ? "." : directory, program))) {
        return NOT_EXECUTABLE;
      }
    }
    return NOT_FOUND;
  }
}
