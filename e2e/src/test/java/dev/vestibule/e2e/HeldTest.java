package dev.vestibule.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * As many held as one process may have descriptors for, with the heap that it is shipped with; then
 * all let in at once, which needs more descriptors than there are.
 */
class HeldTest {

  private static final int FIRST = 1_000;
  private static final int HALF = 10_000;
  private static final int ALL = 19_000;
  private static final List<Integer> STEPS = List.of(FIRST, 5_000, HALF, 15_000, 18_000, ALL);

  /** Neither may a client's process open more descriptors. */
  private static final int PROCESSES = 2;

  private static final byte[] FORBIDDEN =
      "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
          .getBytes(StandardCharsets.ISO_8859_1);

  @Test
  void nineteenThousandAreHeldAndEachIsAnswered() throws Exception {
    int port = quietPort();
    List<RunningProcess> crowds = new ArrayList<>();
    try (GatewayProcess gateway =
        GatewayProcess.before(
            port,
            "--max-connections=" + ALL,
            "--max-waiting=" + ALL,
            "--max-waiting-per-client=" + ALL,
            "--hold-at-most=10m")) {
      for (int i = 0; i < PROCESSES; i++) {
        crowds.add(crowd(gateway.port()));
      }
      long descriptors = gateway.descriptors();
      Map<Integer, Long> resident = hold(gateway, crowds);
      assertThat(gateway.descriptors()).isGreaterThan(ALL);
      // Flat: the second nine thousand cost about what the first did.
      long first = Objects.requireNonNull(resident.get(FIRST));
      long half = Objects.requireNonNull(resident.get(HALF));
      long all = Objects.requireNonNull(resident.get(ALL));
      assertThat(all - half).isLessThan(2 * (half - first));

      try (ServerSocket server = new ServerSocket()) {
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 4096);
        Thread.ofPlatform().daemon().start(() -> forbid(server));
        ask(crowds, ALL / PROCESSES + " outcomes", "outcomes: .*");
        // Each is told what the server says, or that the gateway has no descriptor left.
        for (RunningProcess crowd : crowds) {
          String outcomes = crowd.await("outcomes: \\{(.*)}").group(1);
          System.out.println(outcomes);
          assertThat(outcomes)
              .as(() -> gateway.process().output())
              .matches("(answered (403|503)=\\d+(, )?)+, connected=" + ALL / PROCESSES);
        }
        awaitDescriptors(gateway, descriptors + 10);
        tell("after", gateway);
        try (Crowd newcomer = new Crowd(gateway.port())) {
          newcomer.come(1);
          newcomer.await("answered 403", 1);
        }
      }
    } finally {
      crowds.forEach(RunningProcess::close);
    }
  }

  /** Resident KiB at each step. */
  private static Map<Integer, Long> hold(GatewayProcess gateway, List<RunningProcess> crowds)
      throws IOException, InterruptedException {
    Map<Integer, Long> resident = new TreeMap<>();
    int held = 0;
    for (int step : STEPS) {
      ask(crowds, (step - held) / PROCESSES + " come", "come: .*");
      gateway.process().await("\\b" + step + " waiting");
      held = step;
      resident.put(step, gateway.residentKib());
      tell(step + " held", gateway);
    }
    return resident;
  }

  private static void tell(String when, GatewayProcess gateway) throws IOException {
    System.out.printf(
        "%s: %d KiB resident, %d descriptors%n",
        when, gateway.residentKib(), gateway.descriptors());
  }

  /** Has each crowd do something, and waits until all have. */
  private static void ask(List<RunningProcess> crowds, String what, String done)
      throws InterruptedException {
    for (RunningProcess crowd : crowds) {
      int before = (int) crowd.count(done);
      crowd.say(what);
      crowd.await(done, before + 1);
    }
  }

  /** What was closed is closed soon, not at once. */
  private static void awaitDescriptors(GatewayProcess gateway, long most) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (gateway.descriptors() > most) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(gateway.descriptors() + " descriptors (expected: " + most + ")");
      }
      Thread.onSpinWait();
    }
  }

  private static RunningProcess crowd(int port) throws IOException {
    return new RunningProcess(
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            Crowd.class.getName(),
            Integer.toString(port)));
  }

  /** A free port that is none of those that the kernel gives to clients, who are many here. */
  private static int quietPort() {
    for (int port = 20_000; port < 30_000; port++) {
      try {
        new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
        return port;
      } catch (IOException e) {
        // Somebody has it.
      }
    }
    throw new AssertionError("no port is free from 20000 to 29999");
  }

  /** One after the other, until the server is closed. */
  private static void forbid(ServerSocket server) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        int ends = 0;
        // A probe sends nothing.
        for (int next = 0; ends < 2 && next >= 0; ) {
          next = socket.getInputStream().read();
          ends = next == '\n' ? ends + 1 : next == '\r' ? ends : 0;
        }
        socket.getOutputStream().write(FORBIDDEN);
      } catch (IOException e) {
        // Who went away, or the end.
      }
    }
  }
}
