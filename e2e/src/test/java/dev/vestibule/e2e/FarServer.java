package dev.vestibule.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * An echo server in a network namespace of its own, behind a pair of virtual interfaces that can
 * lose everything. Needs root, {@code ip} and {@code nft}.
 */
final class FarServer implements AutoCloseable {

  // Of the 198.18.0.0/15 for tests of networks, RFC 2544 appendix C.2.2.
  private static final String HERE = "198.18.231.1";
  private static final String THERE = "198.18.231.2";

  private final String name;
  private final RunningProcess server;

  private FarServer(String name, RunningProcess server) {
    this.name = name;
    this.server = server;
  }

  static FarServer start() throws IOException, InterruptedException {
    // An interface's name has 15 characters at most.
    String name = "vt" + ProcessHandle.current().pid();
    command("ip", "netns", "add", name);
    try {
      command("ip", "link", "add", name, "type", "veth", "peer", "name", "far", "netns", name);
      command("ip", "address", "add", HERE + "/30", "dev", name);
      command("ip", "link", "set", name, "up");
      inside(name, "ip", "address", "add", THERE + "/30", "dev", "far");
      inside(name, "ip", "link", "set", "far", "up");
      inside(
          name,
          "nft",
          "add table inet far; add chain inet far in { type filter hook input priority 0; }");
      List<String> start = new ArrayList<>(List.of("ip", "netns", "exec", name));
      start.addAll(SlowServer.NODE.command(0));
      ProcessBuilder builder = new ProcessBuilder(start);
      builder.environment().put("HOST", THERE);
      return new FarServer(name, new RunningProcess(builder));
    } catch (Throwable e) {
      command("ip", "netns", "delete", name);
      throw e;
    }
  }

  /** HOST:PORT, once it listens. */
  String address() throws InterruptedException {
    return THERE + ":" + SlowServer.port(server);
  }

  /** From now on nothing that is sent to it arrives, and nobody is told. */
  void loseEverything() throws IOException, InterruptedException {
    inside(name, "nft", "add rule inet far in drop");
  }

  /** From now on everything arrives. */
  void loseNothing() throws IOException, InterruptedException {
    inside(name, "nft", "flush chain inet far in");
  }

  private static void inside(String name, String... words)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", name));
    command.addAll(List.of(words));
    command(command.toArray(String[]::new));
  }

  /** Runs something that ends by itself, and well. */
  static void command(String... words) throws IOException, InterruptedException {
    try (RunningProcess process = new RunningProcess(new ProcessBuilder(words))) {
      assertThat(process.exitCode()).as(() -> List.of(words) + ": " + process.output()).isZero();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    try {
      // Takes both interfaces along.
      command("ip", "netns", "delete", name);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
