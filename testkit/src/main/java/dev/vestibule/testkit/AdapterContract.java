package dev.vestibule.testkit;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Gate;
import dev.vestibule.GateBuilder;
import dev.vestibule.GateSnapshot;
import dev.vestibule.Reason;
import dev.vestibule.Startup;
import dev.vestibule.testkit.RawClient.Answer;
import java.io.ByteArrayOutputStream;
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
import org.junit.jupiter.api.Test;

/**
 * What every adapter promises. An adapter's test extends this and says how its server is started
 * and what it can do beyond the rest; time stands still unless a test here moves it.
 */
public abstract class AdapterContract {

  /** A path of the application's that is gated and echoes each text message of a WebSocket. */
  protected static final String ECHO = "/echo";

  /** A path of the application's that is gated and answers 200 with the body {@code plain}. */
  protected static final String PLAIN = "/plain";

  /** A path of the application's that is not gated and answers 200 with the body {@code open}. */
  protected static final String OPEN = "/open";

  /** The one Origin whose pages may come in. */
  protected static final String ORIGIN = "https://chat.example";

  private static final String PHASE = "services";
  private static final int MANY = 1_000;

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

  private final ManualTime time = new ManualTime();
  private final List<RawClient> clients = new ArrayList<>();
  private final Startup startup =
      Startup.define()
          .phase(PHASE, p -> p.signalled())
          .ticker(time)
          .scheduler(time)
          .executor(Runnable::run)
          .build();
  private Gate gate = define(g -> g);
  private @Nullable Running server;

  /** Begins with a clock that stands and a phase that is not ready. */
  protected AdapterContract() {}

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

  // ---- Held and admitted.

  @Test
  void aHandshakeIsHeldAndAdmitted() throws Exception {
    Running running = begin(g -> g);
    RawClient client = held(running, RawClient.handshake(ECHO, "Origin: " + ORIGIN));
    ready();
    expectSession(client, "hello");
    assertThat(gate.snapshot().admitted()).isOne();
  }

  @Test
  void aPlainRequestIsHeldAndAnswered() throws Exception {
    Running running = begin(g -> g);
    RawClient client = held(running, get(PLAIN));
    ready();
    expectPlain(client);
  }

  @Test
  void behindAnOpenRouteNobodyWaits() throws Exception {
    Running running = begin(g -> g);
    ready();
    RawClient client = connect(running).send(RawClient.handshake(ECHO));
    expectSession(client, "hello");
    expectPlain(connect(running).send(get(PLAIN)));
  }

  @Test
  void aPathThatIsNotGatedPasses() throws Exception {
    Running running = begin(g -> g);
    Answer answer = connect(running).send(get(OPEN)).read();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("open");
  }

  @Test
  void aThousandWaitWithoutAThreadEach() throws Exception {
    Running running = begin(g -> g);
    held(running, RawClient.handshake(ECHO));
    int before = Thread.getAllStackTraces().size();
    for (int i = 1; i < MANY; i++) {
      connect(running).send(RawClient.handshake(ECHO));
    }
    expectWaiting(MANY);
    // A pool may grow while a thousand connect, to 200 as a rule; it must not keep one for each.
    assertThat(Thread.getAllStackTraces().size() - before).isLessThan(MANY / 2);
    ready();
    for (RawClient client : clients) {
      assertThat(client.read().status()).isEqualTo(101);
    }
    assertThat(gate.snapshot().admitted()).isEqualTo(MANY);
  }

  @Test
  void theyEnterInOrderOfArrival() throws Exception {
    Running running = begin(g -> g, true);
    List<String> order = new ArrayList<>();
    for (int i = 1; i <= 20; i++) {
      connect(running).send(get(PLAIN + "?" + i));
      order.add(String.valueOf(i));
      expectWaiting(i);
    }
    ready();
    for (RawClient client : clients) {
      expectPlain(client);
    }
    assertThat(running.entered()).isEqualTo(order);
  }

  @Test
  void framesThatComeBeforeThe101Survive() throws Exception {
    Running running = begin(g -> g);
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(RawClient.handshake(ECHO).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    both.writeBytes(RawClient.frame("with the handshake"));
    RawClient client = connect(running).send(both.toByteArray());
    expectWaiting(1);
    client.send(RawClient.frame("while it waits"));
    // Another round trip to the server, so that the frame has most likely been read by it.
    connect(running).send(get(OPEN)).read();
    client.send(RawClient.frame("and another"));
    ready();
    assertThat(client.read().status()).isEqualTo(101);
    assertThat(client.readText()).isEqualTo("with the handshake");
    assertThat(client.readText()).isEqualTo("while it waits");
    assertThat(client.readText()).isEqualTo("and another");
  }

  // ---- Refused.

  @Test
  void afterAFailedStartupThePhaseIsToldAndNothingElse() throws Exception {
    Running running = begin(g -> g);
    RawClient client = held(running, RawClient.handshake(ECHO));
    startup.signal(PHASE).failed(new IllegalStateException("the password is wrong"));
    Answer answer = expectRefusal(client, Reason.STARTUP_FAILED);
    assertThat(answer.body()).contains("\"phase\":\"" + PHASE + "\"").doesNotContain("password");
    assertThat(answer.headers().toString()).doesNotContain("password");
    Answer late =
        expectRefusal(connect(running).send(RawClient.handshake(ECHO)), Reason.STARTUP_FAILED);
    assertThat(late.body()).doesNotContain("password");
  }

  @Test
  void whenAllPlacesAreTakenTheNextIsRefused() throws Exception {
    Running running = begin(g -> g.maxWaiting(1));
    RawClient first = held(running, RawClient.handshake(ECHO));
    expectRefusal(connect(running).send(RawClient.handshake(ECHO)), Reason.FULL);
    ready();
    expectSession(first, "still here");
  }

  @Test
  void oneClientCannotTakeAllPlaces() throws Exception {
    Running running = begin(g -> g.maxWaitingPerClient(2));
    connect(running).send(RawClient.handshake(ECHO));
    connect(running).send(RawClient.handshake(ECHO));
    expectWaiting(2);
    expectRefusal(connect(running).send(RawClient.handshake(ECHO)), Reason.FULL);
    ready();
  }

  @Test
  void whoseTimeIsUpIsRefused() throws Exception {
    Running running = begin(g -> g.holdAtMost(ofSeconds(3)));
    RawClient client = held(running, RawClient.handshake(ECHO));
    time.advance(Duration.ofMillis(2_999));
    assertThat(gate.snapshot().waiting()).isOne();
    time.advance(Duration.ofMillis(1));
    expectRefusal(client, Reason.BUDGET_SPENT);
  }

  @Test
  void drainingRefusesThoseWhoWaitAndThoseWhoCome() throws Exception {
    Running running = begin(g -> g);
    RawClient client = held(running, RawClient.handshake(ECHO));
    gate.drain();
    expectRefusal(client, Reason.DRAINING);
    expectRefusal(connect(running).send(RawClient.handshake(ECHO)), Reason.DRAINING);
  }

  @Test
  void aRefusedHeadHasNoBodyAndAFrameAfterARefusedHandshakeDoesNoHarm() throws Exception {
    Running running = begin(g -> g);
    RawClient head = held(running, RawClient.request("HEAD " + PLAIN + " HTTP/1.1", "Host: x"));
    RawClient client = connect(running).send(RawClient.handshake(ECHO));
    expectWaiting(2);
    client.send(RawClient.frame("too early"));
    gate.drain();
    assertThat(head.readHead().status()).isEqualTo(503);
    head.send(get(OPEN));
    assertThat(head.read().body()).isEqualTo("open");
    expectRefusal(client, Reason.DRAINING);
    assertThat(client.readToEnd()).isEmpty();
  }

  // ---- Screened, before anything is held.

  @Test
  void badHandshakesAreNotHeld() throws Exception {
    Running running = begin(g -> g);
    String good = RawClient.handshake(ECHO);
    expectRejection(running, good.replace("GET ", "POST "), 400);
    expectRejection(running, good.replace(RawClient.KEY, "c2hvcnQ="), 400);
    expectRejection(running, good.replace(RawClient.KEY, "not base64 at all"), 400);
    expectRejection(running, good.replaceAll("Sec-WebSocket-Key: .*\r\n", ""), 400);
    Answer old = expectRejection(running, good.replace("Version: 13", "Version: 8"), 426);
    assertThat(old.header("sec-websocket-version")).isEqualTo("13");
    assertThat(old.header("upgrade")).isEqualTo("websocket");
  }

  @Test
  void pagesOfAForeignOriginAreNotHeld() throws Exception {
    Running running = begin(g -> g);
    for (String origin :
        List.of("https://evil.example", ORIGIN + ".evil.example", "null", ORIGIN + ":444")) {
      expectRejection(running, RawClient.handshake(ECHO, "Origin: " + origin), 403);
    }
    held(running, RawClient.handshake(ECHO, "Origin: HTTPS://Chat.Example"));
    ready();
  }

  // ---- What an adapter may be able to do.

  @Test
  void aClientThatLeftFreesItsPlace() throws Exception {
    Running running = begin(g -> g.maxWaiting(1));
    RawClient gone = held(running, RawClient.handshake(ECHO));
    gone.close();
    clients.remove(gone);
    if (capabilities().contains(Capabilities.NOTICES_DEPARTED_CLIENT)) {
      eventually("it is noticed", () -> gate.snapshot().left() == 1);
    } else {
      time.advance(ofSeconds(30));
    }
    expectWaiting(0);
    RawClient next = held(running, RawClient.handshake(ECHO));
    ready();
    expectSession(next, "a free place");
  }

  @Test
  void aClientThatLeftAfterAFrameFreesItsPlaceToo() throws Exception {
    Running running = begin(g -> g);
    RawClient gone = held(running, RawClient.handshake(ECHO));
    gone.send(RawClient.frame("anybody there?")).close();
    clients.remove(gone);
    if (!capabilities().contains(Capabilities.NOTICES_DEPARTED_CLIENT)) {
      time.advance(ofSeconds(30));
    }
    expectWaiting(0);
  }

  @Test
  void sessionsAreToldThatTheServerRestarts() throws Exception {
    Running running = begin(g -> g);
    ready();
    if (capabilities().contains(Capabilities.CLOSES_SESSIONS_ON_DRAIN)) {
      for (int i = 0; i < 4; i++) {
        expectSession(connect(running).send(RawClient.handshake(ECHO)), "hello");
      }
      running.closeSessions(ofSeconds(4));
      // One now, the rest a second apart.
      assertThat(time.pending()).isEqualTo(5);
      time.advance(ofSeconds(4));
      for (RawClient client : clients) {
        assertThat(client.readClose()).isEqualTo(1012);
      }
      eventually("the last was written", () -> time.pending() == 0);
    }
  }

  // ---- The parts of a test.

  private Running begin(UnaryOperator<GateBuilder> bounds) throws Exception {
    return begin(bounds, false);
  }

  private Running begin(UnaryOperator<GateBuilder> bounds, boolean oneWorker) throws Exception {
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
            .route(PLAIN, r -> r.requires(PHASE))
            .ticker(time)
            .scheduler(time);
    return bounds.apply(builder).build();
  }

  private void ready() {
    startup.signal(PHASE).ready();
  }

  private RawClient connect(Running running) throws IOException {
    RawClient client = RawClient.connect(running.port());
    clients.add(client);
    return client;
  }

  private RawClient held(Running running, String request) throws IOException {
    int before = gate.snapshot().waiting();
    RawClient client = connect(running).send(request);
    expectWaiting(before + 1);
    return client;
  }

  private static String get(String path) {
    return RawClient.request("GET " + path + " HTTP/1.1", "Host: localhost");
  }

  /** Once its timer is armed too, a waiter is one to the clock as well. */
  private void expectWaiting(int expected) {
    eventually(
        expected + " wait",
        () -> gate.snapshot().waiting() == expected && time.pending() == expected);
  }

  private static void expectSession(RawClient client, String text) throws IOException {
    Answer answer = client.read();
    assertThat(answer.status()).isEqualTo(101);
    assertThat(answer.header("sec-websocket-accept")).isEqualTo(RawClient.ACCEPT);
    assertThat(client.send(RawClient.frame(text)).readText()).isEqualTo(text);
  }

  private static void expectPlain(RawClient client) throws IOException {
    Answer answer = client.read();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("plain");
  }

  private static Answer expectRefusal(RawClient client, Reason reason) throws IOException {
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

  private Answer expectRejection(Running running, String request, int status) throws IOException {
    Answer answer = connect(running).send(request).read();
    assertThat(answer.status()).as(request).isEqualTo(status);
    assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
    assertThat(gate.snapshot().waiting()).isZero();
    return answer;
  }

  /** Waits for what another thread is about to do. */
  private void eventually(String what, BooleanSupplier condition) {
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
