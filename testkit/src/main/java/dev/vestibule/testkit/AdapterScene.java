package dev.vestibule.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Gate;
import dev.vestibule.GateBuilder;
import dev.vestibule.GateSnapshot;
import dev.vestibule.Reason;
import dev.vestibule.Startup;
import dev.vestibule.testkit.RawClient.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** The parts of the contract's tests: a server behind a gate whose time stands still. */
abstract class AdapterScene {

  /** A path of the application's that is gated and echoes each text message of a WebSocket. */
  protected static final String ECHO = "/echo";

  /** A path of the application's that is gated and answers 200 with the body {@code plain}. */
  protected static final String PLAIN = "/plain";

  /** A path of the application's that is not gated and answers 200 with the body {@code open}. */
  protected static final String OPEN = "/open";

  /**
   * A path of the application's that is gated and echoes, and whose refusals are by a close where
   * {@link Capabilities#REFUSES_BY_CLOSE} is declared; it speaks {@link #SUBPROTOCOLS}.
   */
  protected static final String CLOSING = "/closing";

  /** What the application speaks at {@link #CLOSING}. */
  protected static final Set<String> SUBPROTOCOLS = Set.of("chat.v1", "chat.v2");

  /** The one Origin whose pages may come in. */
  protected static final String ORIGIN = "https://chat.example";

  static final String PHASE = "services";

  /** The adapter under test in a running server, listening on the loopback interface. */
  public interface Running {

    /**
     * Where it listens.
     *
     * @return a port
     */
    int port();

    /**
     * The queries of requests that reached the application, in the order in which they did.
     *
     * @return a copy
     */
    List<String> entered();

    /**
     * Closes the sessions with 1012. Called only when {@link Capabilities#CLOSES_SESSIONS_ON_DRAIN}
     * is declared.
     *
     * @param over how long to take
     */
    void closeSessions(Duration over);

    /**
     * Stops the server.
     *
     * @throws Exception whatever goes wrong
     */
    void stop() throws Exception;
  }

  final ManualTime time = new ManualTime();
  final List<RawClient> clients = new ArrayList<>();
  final Startup startup =
      Startup.define()
          .phase(PHASE, p -> p.signalled())
          .ticker(time)
          .scheduler(time)
          .executor(Runnable::run)
          .build();
  Gate gate = define(g -> g);
  private @Nullable Running server;

  AdapterScene() {}

  /**
   * Starts a server that lets everyone in on one lane, holds pages of {@link #ORIGIN} and clients
   * without an Origin, and takes the peer of a connection for the client.
   *
   * @param gate stands before everything
   * @param time to schedule with
   * @param oneWorker whether the application has one thread alone, so that the order in which
   *     requests reach it is the one in which they were let in
   * @return a running server
   * @throws Exception whatever keeps it from starting
   */
  protected abstract Running start(Gate gate, ManualTime time, boolean oneWorker) throws Exception;

  /**
   * What the adapter can do.
   *
   * @return what it declares, and what is tested therefore
   */
  protected abstract Set<Capabilities> capabilities();

  Running begin(UnaryOperator<GateBuilder> bounds) throws Exception {
    return begin(bounds, false);
  }

  Running begin(UnaryOperator<GateBuilder> bounds, boolean oneWorker) throws Exception {
    gate = define(bounds);
    startup.start();
    Running running = start(gate, time, oneWorker);
    server = running;
    return running;
  }

  private Gate define(UnaryOperator<GateBuilder> bounds) {
    GateBuilder builder =
        Gate.before(startup)
            .route(ECHO, r -> r.requires(PHASE))
            .route(CLOSING, r -> r.requires(PHASE))
            .route(PLAIN, r -> r.requires(PHASE))
            .ticker(time)
            .scheduler(time);
    return bounds.apply(builder).build();
  }

  void ready() {
    startup.signal(PHASE).ready();
  }

  RawClient connect(Running running) throws IOException {
    RawClient client = RawClient.connect(running.port());
    clients.add(client);
    return client;
  }

  RawClient held(Running running, String request) throws IOException {
    int before = gate.snapshot().waiting();
    RawClient client = connect(running).send(request);
    expectWaiting(before + 1);
    return client;
  }

  static String get(String path) {
    return RawClient.request("GET " + path + " HTTP/1.1", "Host: localhost");
  }

  /** Once its timer is armed too, a waiter is one to the clock as well. */
  void expectWaiting(int expected) {
    eventually(
        expected + " wait",
        () -> gate.snapshot().waiting() == expected && time.pending() == expected);
  }

  static void expectSession(RawClient client, String text) throws IOException {
    Answer answer = client.read();
    assertThat(answer.status()).isEqualTo(101);
    assertThat(answer.header("sec-websocket-accept")).isEqualTo(RawClient.ACCEPT);
    assertThat(client.send(RawClient.frame(text)).readText()).isEqualTo(text);
  }

  static void expectPlain(RawClient client) throws IOException {
    Answer answer = client.read();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("plain");
  }

  static Answer expectRefusal(RawClient client, Reason reason) throws IOException {
    Answer answer = client.read();
    assertThat(answer.status()).isEqualTo(503);
    assertThat(Integer.parseInt(answer.header("retry-after"))).isPositive();
    assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
    assertThat(answer.body())
        .contains("\"status\":503")
        .contains("\"reason\":\"" + reason + "\"")
        .doesNotContain("Exception");
    return answer;
  }

  Answer expectRejection(Running running, String request, int status) throws IOException {
    Answer answer = connect(running).send(request).read();
    assertThat(answer.status()).as(request).isEqualTo(status);
    assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
    assertThat(gate.snapshot().waiting()).isZero();
    return answer;
  }

  /** Waits for what another thread is about to do. */
  void eventually(String what, BooleanSupplier condition) {
    for (int i = 0; i < 10_000; i++) {
      if (condition.getAsBoolean()) {
        return;
      }
      LockSupport.parkNanos(1_000_000);
    }
    throw new AssertionError("not in ten seconds: " + what + "; " + gate.snapshot());
  }

  /** Whatever happened: nobody waits, nothing is in flight, no timer is left. */
  @AfterEach
  void nothingIsLeftBehind() throws Exception {
    try {
      eventually("all are settled", this::isAtRest);
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
      startup.close();
      Running started = server;
      if (started != null) {
        started.stop();
      }
    }
  }

  private boolean isAtRest() {
    GateSnapshot now = gate.snapshot();
    return now.waiting() == 0 && now.inFlight() == 0 && time.pending() == 0;
  }
}
