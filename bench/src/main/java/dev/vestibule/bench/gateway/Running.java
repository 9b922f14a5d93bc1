package dev.vestibule.bench.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A program under test that runs, with all its processes. */
final class Running implements AutoCloseable {

  private static final long STARTS_WITHIN = TimeUnit.SECONDS.toNanos(20);

  private final Program program;
  private final Process process;
  private final int port;
  private final long nanosToOpen;

  private Running(Program program, Process process, int port, long nanosToOpen) {
    this.program = program;
    this.process = process;
    this.port = port;
    this.nanosToOpen = nanosToOpen;
  }

  /** Starts it, and returns once it accepts connections. */
  static Running start(Program program, Path places, int upstream) throws IOException {
    int port = freePort();
    Path place = Files.createTempDirectory(Files.createDirectories(places), program.name() + "-");
    Program.Launch launch = program.launch(place, port, upstream);
    ProcessBuilder builder =
        new ProcessBuilder(launch.command())
            .directory(place.toFile())
            .redirectErrorStream(true)
            .redirectOutput(place.resolve("output.log").toFile());
    builder.environment().putAll(launch.environment());
    long began = System.nanoTime();
    Process process = builder.start();
    long opened = awaitOpen(process, port, began + STARTS_WITHIN);
    if (opened == 0) {
      process.destroyForcibly();
      throw new IOException(
          program.name() + " did not open its port (expected: a reason in " + place + ")");
    }
    return new Running(program, process, port, opened - began);
  }

  private static long awaitOpen(Process process, int port, long deadline) {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    while (process.isAlive() && System.nanoTime() < deadline) {
      try (SocketChannel channel = SocketChannel.open()) {
        channel.connect(address);
        return System.nanoTime();
      } catch (IOException e) {
        // Refused on loopback is known at once; a core is left to who starts.
        LockSupport.parkNanos(200_000);
      }
    }
    return 0;
  }

  /** A port that nothing listens at. */
  static int freePort() throws IOException {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      return socket.getLocalPort();
    }
  }

  Program program() {
    return program;
  }

  int port() {
    return port;
  }

  /** From exec until a connection was accepted. */
  long nanosToOpen() {
    return nanosToOpen;
  }

  private List<Long> pids() {
    return Stream.concat(Stream.of(process.pid()), process.descendants().map(ProcessHandle::pid))
        .toList();
  }

  /** The CPU time that it has used so far, in nanoseconds. */
  long cpuNanos() {
    return CpuClock.nanos(pids());
  }

  /** The memory of it that is resident, in KiB. */
  long residentKib() throws IOException {
    long sum = 0;
    for (long pid : pids()) {
      sum +=
          Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
              .filter(line -> line.startsWith("VmRSS:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
              .sum();
    }
    return sum;
  }

  @Override
  public void close() {
    // Asked twice: a proxy that waits for tunnels to end would stay.
    List<ProcessHandle> all =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    process.destroy();
    try {
      if (!process.waitFor(300, TimeUnit.MILLISECONDS)) {
        all.forEach(ProcessHandle::destroyForcibly);
        process.waitFor();
      }
    } catch (InterruptedException e) {
      all.forEach(ProcessHandle::destroyForcibly);
      Thread.currentThread().interrupt();
    }
  }
}
