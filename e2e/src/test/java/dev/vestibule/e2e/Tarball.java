package dev.vestibule.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The gateway's tarball, made once for all tests, and what they do with it. */
final class Tarball {

  private static @Nullable Path made;

  private Tarball() {}

  /** Makes it from what the build has packaged, as {@code ./vestibule dist} does. */
  static synchronized Path make() throws Exception {
    if (made == null) {
      ProcessBuilder builder = new ProcessBuilder("../gateway/src/build/dist.sh");
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      try (RunningProcess dist = new RunningProcess(builder)) {
        assertThat(dist.exitCode()).as(dist.output()).isZero();
        made = Path.of(dist.output().lines().toList().getLast());
      }
    }
    return made;
  }

  /** Unpacks it into a directory, and returns the home of what was in it. */
  static Path unpack(Path directory) throws Exception {
    ProcessBuilder tar =
        new ProcessBuilder("tar", "-xzf", make().toString(), "-C", directory.toString());
    try (RunningProcess process = new RunningProcess(tar)) {
      assertThat(process.exitCode()).as(process.output()).isZero();
    }
    try (var files = Files.list(directory)) {
      List<Path> homes = files.filter(Files::isDirectory).toList();
      assertThat(homes).hasSize(1);
      return homes.get(0);
    }
  }

  /** A process with an empty environment: no PATH, no JAVA_HOME, nothing. */
  static ProcessBuilder alone(Path directory, String... command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().clear();
    return builder;
  }

  /** Waits until something listens, and tells how long that took. */
  static Duration awaitOpen(int port, RunningProcess process) {
    long began = System.nanoTime();
    while (true) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return Duration.ofNanos(System.nanoTime() - began);
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() - began > 60_000_000_000L) {
          throw new AssertionError("nothing listens at " + port + "\n" + process.output(), e);
        }
        // The kernel tells nobody that a port was opened; asking is the only way to learn of it.
        LockSupport.parkNanos(1_000_000);
      }
    }
  }
}
