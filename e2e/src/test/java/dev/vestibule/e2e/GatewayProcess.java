package dev.vestibule.e2e;

import dev.vestibule.e2e.SlowServer.Listening;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code vestibule run} or {@code vestibule gateway} as a process of its own, with the flags of the
 * JVM that it is shipped with, on a free port of loopback.
 */
final class GatewayProcess implements AutoCloseable {

  private static final Path GATEWAY = Path.of("..", "gateway").toAbsolutePath().normalize();

  private final RunningProcess process;

  private GatewayProcess(RunningProcess process) {
    this.process = process;
  }

  /** {@code vestibule gateway} before a server on loopback. */
  static GatewayProcess before(int upstreamPort, String... options) throws IOException {
    return before("127.0.0.1:" + upstreamPort, options);
  }

  /** {@code vestibule gateway} before a server at HOST:PORT. */
  static GatewayProcess before(String upstream, String... options) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("gateway", "--listen=127.0.0.1:0"));
    arguments.add("--upstream=" + upstream);
    arguments.addAll(List.of(options));
    return start(arguments);
  }

  /** {@code vestibule run}, with a command as its child. */
  static GatewayProcess running(List<String> command, String... options) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("run", "--listen=127.0.0.1:0"));
    arguments.addAll(List.of(options));
    arguments.add("--");
    arguments.addAll(command);
    return start(arguments);
  }

  /** With a command line as it is. */
  static GatewayProcess start(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + GATEWAY.resolve("src/main/dist/jvm.options"));
    command.add("-cp");
    Path target = GATEWAY.resolve("target");
    command.add(target.resolve("vestibule-gateway.jar") + ":" + target.resolve("lib") + "/*");
    command.add("dev.vestibule.gateway.GatewayMain");
    command.addAll(arguments);
    return new GatewayProcess(new RunningProcess(new ProcessBuilder(command)));
  }

  /** Where clients connect; waits until the gateway has said so. */
  int port() throws InterruptedException {
    return Integer.parseInt(process.await("holding \\S*:(\\d+)").group(1));
  }

  /** Its lines, those of its child among them; signals; the exit code. */
  RunningProcess process() {
    return process;
  }

  /** Waits until a {@link SlowServer} listens as its child, for the so-manieth time. */
  Listening awaitServer(int start) throws InterruptedException {
    return Listening.of(process.await(SlowServer.LISTENS, start));
  }

  /** Memory that is resident, in KiB. */
  long residentKib() throws IOException {
    try (Stream<String> lines = Files.lines(proc("status"))) {
      String line = lines.filter(it -> it.startsWith("VmRSS:")).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("\\D", ""));
    }
  }

  /** How many descriptors are open. */
  long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(proc("fd"))) {
      return open.count();
    }
  }

  private Path proc(String file) {
    return Path.of("/proc", Long.toString(process.pid()), file);
  }

  /** Kills it, and its child, which cannot outlive it. */
  @Override
  public void close() {
    ProcessHandle.of(process.pid())
        .ifPresent(it -> it.descendants().forEach(ProcessHandle::destroyForcibly));
    process.close();
  }
}
