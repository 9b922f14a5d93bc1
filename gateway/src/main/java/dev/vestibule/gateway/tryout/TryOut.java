package dev.vestibule.gateway.tryout;

import dev.vestibule.gateway.GatewayMain;
import dev.vestibule.gateway.tryout.Visitor.Visit;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/**
 * Shows on this machine what Vestibule is for: twenty clients that come while a server starts,
 * first without and then with the gateway before it; then the server is killed in mid-session.
 * About half a minute.
 */
public final class TryOut {

  private static final int CLIENTS = 20;
  private static final Duration STARTS = Duration.ofSeconds(3);
  private static final Duration AT_MOST = Duration.ofSeconds(60);

  private final PrintStream out;
  private final EventLoopGroup loop = Visitor.loop();

  /**
   * A show.
   *
   * @param out where it is told
   */
  public TryOut(PrintStream out) {
    this.out = out;
  }

  /**
   * Shows all three acts.
   *
   * @return an exit code: 0 when all went as it should, else 1
   */
  public int run() {
    try {
      SlowServer.rehearse();
      alone();
      behindTheGateway();
      out.printf(
          "%nNext, with your own server, which finds where to listen in PORT and HOST:%n%n"
              + "   vestibule run -- python3 server.py%n");
      return 0;
    } catch (Exception e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      out.println("This did not go as it should: " + e);
      return 1;
    } finally {
      loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }
  }

  private void alone()
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    int port = freePort();
    out.printf(
        "1. A server that needs %d s to start, alone. %d clients come meanwhile;%n"
            + "   each tries again after 1, 2, 4 s.%n%n",
        STARTS.toSeconds(), CLIENTS);
    List<Visitor> visitors = visitors(port);
    Process server = start(port, server());
    try {
      show(arrive(visitors));
    } finally {
      server.destroyForcibly();
    }
  }

  private void behindTheGateway()
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    int port = freePort();
    out.printf("2. The same, started as: vestibule run -- server%n%n");
    List<Visitor> visitors = visitors(port);
    List<String> command = new ArrayList<>(java(GatewayMain.class));
    command.addAll(List.of("run", "--listen", "127.0.0.1:" + port, "--grace", "1s", "--"));
    command.addAll(server());
    Process gateway = start(port, command);
    try {
      List<Visit> visits = show(arrive(visitors));
      killed(visitors, visits.getFirst().pid());
    } finally {
      List<ProcessHandle> all = gateway.descendants().toList();
      gateway.destroy();
      gateway.waitFor(5, TimeUnit.SECONDS);
      all.forEach(ProcessHandle::destroyForcibly);
      gateway.destroyForcibly();
    }
  }

  private void killed(List<Visitor> visitors, long pid)
      throws InterruptedException, ExecutionException, TimeoutException {
    out.printf(
        "3. kill -9 %d, the server, with all %d in session. They come back within a second.%n%n",
        pid, CLIENTS);
    List<CompletableFuture<String>> ends = visitors.stream().map(Visitor::end).toList();
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    List<String> saw = new ArrayList<>();
    for (CompletableFuture<String> end : ends) {
      saw.add(end.get(AT_MOST.toSeconds(), TimeUnit.SECONDS));
    }
    List<CompletableFuture<Visit>> back = new ArrayList<>();
    for (Visitor visitor : visitors) {
      long after = ThreadLocalRandom.current().nextLong(1000);
      back.add(visitor.comeAfter(Duration.ofMillis(after)));
    }
    List<Visit> visits = await(back);
    for (int i = 0; i < CLIENTS; i++) {
      out.printf("   client %2d  %s; %s%n", i + 1, saw.get(i), story(visits.get(i)));
    }
    sum(visits);
  }

  // ---- The clients.

  private List<Visitor> visitors(int port) {
    return IntStream.rangeClosed(1, CLIENTS)
        .mapToObj(i -> new Visitor(loop.next(), port, i))
        .toList();
  }

  /** Spread over the time that the server needs; the first when a process has had time to begin. */
  private static List<Visit> arrive(List<Visitor> visitors)
      throws InterruptedException, ExecutionException, TimeoutException {
    Duration first = Duration.ofMillis(500);
    Duration step = STARTS.minus(first).dividedBy(CLIENTS);
    List<CompletableFuture<Visit>> coming = new ArrayList<>();
    for (Visitor visitor : visitors) {
      coming.add(visitor.comeAfter(first.plus(step.multipliedBy(visitor.number() - 1L))));
    }
    return await(coming);
  }

  private static List<Visit> await(List<CompletableFuture<Visit>> coming)
      throws InterruptedException, ExecutionException, TimeoutException {
    List<Visit> visits = new ArrayList<>();
    for (CompletableFuture<Visit> one : coming) {
      visits.add(one.get(AT_MOST.toSeconds(), TimeUnit.SECONDS));
    }
    return visits;
  }

  // ---- What is told.

  private List<Visit> show(List<Visit> visits) {
    for (int i = 0; i < CLIENTS; i++) {
      out.printf("   client %2d  %s%n", i + 1, story(visits.get(i)));
    }
    sum(visits);
    return visits;
  }

  private static String story(Visit visit) {
    String before =
        visit.ready() > visit.came()
            ? "came %.1f s before it was ready".formatted((visit.ready() - visit.came()) / 1e6)
            : "came when it was ready";
    String between = visit.saw().isEmpty() ? "" : ": " + String.join(", ", visit.saw());
    return "%s%s; in %s after".formatted(before, between, millis(visit.lateMicros()));
  }

  private void sum(List<Visit> visits) {
    long[] late = visits.stream().mapToLong(Visit::lateMicros).sorted().toArray();
    int failed = visits.stream().mapToInt(it -> it.saw().size()).sum();
    out.printf(
        "%n   From ready to in: half within %s, the last %s. Failed attempts: %d.%n%n",
        millis(late[late.length / 2]), millis(late[late.length - 1]), failed);
  }

  private static String millis(long micros) {
    return micros < 10_000 ? "%.1f ms".formatted(micros / 1000.0) : micros / 1000 + " ms";
  }

  // ---- The processes.

  private static List<String> server() {
    List<String> command = new ArrayList<>(java(SlowServer.class));
    command.add(Long.toString(STARTS.toMillis()));
    return command;
  }

  /** This very Java, with the flags and the classes of this process. */
  private static List<String> java(Class<?> main) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        Arrays.asList(
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dio.netty.noUnsafe=false",
            "-Dio.netty.jfr.enabled=false",
            "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    return command;
  }

  private static Process start(int port, List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().put("PORT", Integer.toString(port));
    return builder.start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
