package dev.vestibule.jetty;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vestibule.Gate;
import dev.vestibule.GateBuilder;
import dev.vestibule.Startup;
import dev.vestibule.testkit.ManualTime;
import dev.vestibule.testkit.RawClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Jetty alone makes of the contract. */
class GateHandlerTest {

  private final ManualTime time = new ManualTime();
  private final Startup startup =
      Startup.define()
          .phase("services", p -> p.signalled())
          .ticker(time)
          .scheduler(time)
          .executor(Runnable::run)
          .build();
  private final GateBuilder bounds =
      Gate.before(startup)
          .route("/open", r -> r.requires())
          .route("/**", r -> r.requiresAll())
          .ticker(time)
          .scheduler(time);
  private final Gate gate = bounds.build();
  private final List<RawClient> clients = new ArrayList<>();
  private @Nullable JettyServer server;

  @AfterEach
  void stop() throws Exception {
    for (RawClient client : clients) {
      client.close();
    }
    startup.close();
    JettyServer started = server;
    if (started != null) {
      started.stop();
    }
  }

  @Test
  void anIdleTimeoutShorterThanTheHoldDoesNotEndIt() throws Exception {
    JettyServer jetty = start(gate, j -> j.connector.setIdleTimeout(100));
    RawClient plain = connect(jetty).send(get("/plain"));
    // Its frame comes early, because behind the gate the idle timeout counts again.
    RawClient socket = connect(jetty).send(RawClient.handshake("/echo"));
    socket.send(RawClient.frame("hello"));
    expectWaiting(2);
    assertThat(plain.hearsNothingFor(ofSeconds(1))).isTrue();
    assertThat(socket.hearsNothingFor(ofMillis(100))).isTrue();
    assertThat(gate.snapshot().waiting()).isEqualTo(2);
    ready();
    assertThat(plain.read().body()).isEqualTo("plain");
    assertThat(socket.read().status()).isEqualTo(101);
    assertThat(socket.readText()).isEqualTo("hello");
  }

  @Test
  void whatTheApplicationThrowsIsItsOwnAndSettles() throws Exception {
    JettyServer jetty = start(gate, j -> {});
    RawClient throwing = connect(jetty).send(get("/throws"));
    RawClient missing = connect(jetty).send(get("/missing"));
    expectWaiting(2);
    ready();
    assertThat(throwing.read().status()).isEqualTo(500);
    assertThat(missing.read().status()).isEqualTo(404);
    eventually(() -> gate.snapshot().inFlight() == 0);
    assertThat(gate.snapshot().returned()).isZero();
  }

  @Test
  void whoPassesIsCounted() throws Exception {
    JettyServer jetty = start(gate, j -> {});
    assertThat(connect(jetty).send(get("/open")).read().body()).isEqualTo("open");
    ready();
    assertThat(connect(jetty).send(get("/plain")).read().body()).isEqualTo("plain");
    assertThat(jetty.handler.passed()).isEqualTo(2);
    assertThat(gate.snapshot().admitted()).isZero();
  }

  @Test
  void requestsSentBehindOneThatIsHeldAreAnsweredInOrder() throws Exception {
    JettyServer jetty = start(gate, j -> {});
    RawClient client = connect(jetty).send(get("/plain?1") + get("/open?2"));
    expectWaiting(1);
    client.send(get("/plain?3"));
    connect(jetty).send(get("/open")).read();
    client.send(get("/open?4"));
    ready();
    for (String body : List.of("plain", "open", "plain", "open")) {
      assertThat(client.read().body()).isEqualTo(body);
    }
    assertThat(jetty.entered).containsExactly("1", "2", "3", "4");
  }

  @Test
  void moreThanIsReadAheadSurvivesToo() throws Exception {
    JettyServer jetty = start(gate, j -> {});
    RawClient client = connect(jetty).send(RawClient.handshake("/echo"));
    expectWaiting(1);
    String text = "x".repeat(100);
    for (int i = 0; i < 200; i++) {
      client.send(RawClient.frame(text + i % 10));
    }
    connect(jetty).send(get("/open")).read();
    ready();
    assertThat(client.read().status()).isEqualTo(101);
    for (int i = 0; i < 200; i++) {
      assertThat(client.readText()).isEqualTo(text + i % 10);
    }
  }

  @Test
  void aBodyThatCameWhileItsRequestWasHeldIsThere() throws Exception {
    JettyServer jetty = start(gate, j -> {});
    RawClient client =
        connect(jetty).send("POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nabc");
    expectWaiting(1);
    client.send("def");
    ready();
    assertThat(client.read().body()).isEqualTo("abcdef");
  }

  @Test
  void clientsBehindATrustedHopAreToldApart() throws Exception {
    Gate one = bounds.maxWaitingPerClient(1).build();
    JettyServer jetty =
        new JettyServer(JettyServer.gate(one).trustedHops(1), JettyServer.Echo.JETTY, false);
    server = jetty;
    jetty.start();
    startup.start();
    connect(jetty).send(forwarded("6.6.6.6, 1.1.1.1"));
    // A seat is counted for all before it is for its client, and the timer comes after both.
    eventually(() -> one.snapshot().waiting() == 1 && time.pending() == 1);
    assertThat(connect(jetty).send(forwarded("7.7.7.7, 1.1.1.1")).read().status()).isEqualTo(503);
    connect(jetty).send(forwarded("1.1.1.1, 2.2.2.2"));
    // Nobody's address is no reason to refuse anybody.
    connect(jetty).send(forwarded("1.1.1.1, unknown"));
    connect(jetty).send(forwarded("unknown"));
    connect(jetty).send(get("/plain"));
    eventually(() -> one.snapshot().waiting() == 5);
  }

  @Test
  void whoIsHeldWhenTheServerStopsLeaves() throws Exception {
    JettyServer jetty = start(gate, j -> {});
    RawClient client = connect(jetty).send(RawClient.handshake("/echo"));
    expectWaiting(1);
    jetty.stop();
    eventually(() -> gate.snapshot().waiting() == 0);
    assertThat(client.readToEnd()).isEmpty();
    assertThat(time.pending()).isZero();
  }

  @Test
  void valuesOutOfRangeAreNamed() {
    GateHandler.Builder builder = GateHandler.before(gate);
    assertThatThrownBy(() -> builder.trustedHops(-1))
        .hasMessage("trustedHops: -1 (expected: >= 0)");
    assertThatThrownBy(() -> builder.lanes(0)).hasMessage("lanes: 0 (expected: >= 1)");
    assertThatThrownBy(() -> new Rejection(200, "fine"))
        .hasMessage("status: 200 (expected: 400 to 499)");
  }

  @Test
  void mistakesInTheCloseFormAreNamedTogether() {
    GateHandler.Builder builder =
        GateHandler.before(gate)
            .refuseByClose("/**", Set.of("two words"))
            .refuseByClose("/nowhere", Set.of());
    assertThatThrownBy(builder::build)
        .hasMessage(
            "refuseByClose: /** (expected: with origins);"
                + " refuseByClose: /**: two words (expected: a token);"
                + " refuseByClose: /nowhere (expected: one of [/open, /**]);"
                + " refuseByClose: /nowhere (expected: with origins)");
  }

  @Test
  void whoIsRefusedByACloseIsCountedUntilItIsGone() throws Exception {
    JettyServer jetty =
        new JettyServer(
            JettyServer.gate(gate).scheduler(time).refuseByClose("/**", Set.of()),
            JettyServer.Echo.JETTY,
            false);
    server = jetty;
    jetty.start();
    startup.start();
    gate.drain();
    RawClient polite = connect(jetty).send(RawClient.handshake("/echo"));
    assertThat(closeCode(polite)).isEqualTo(1012);
    RawClient silent = connect(jetty).send(RawClient.handshake("/echo"));
    assertThat(closeCode(silent)).isEqualTo(1012);
    RawClient gone = connect(jetty).send(RawClient.handshake("/echo"));
    assertThat(closeCode(gone)).isEqualTo(1012);
    assertThat(jetty.handler.closing()).isEqualTo(3);
    polite.send(RawClient.close(1012));
    gone.close();
    eventually(() -> jetty.handler.closing() == 1);
    assertThat(OpenSessions.of(jetty.server).count()).isZero();
    time.advance(ofSeconds(1));
    assertThat(jetty.handler.closing()).isZero();
    silent.awaitEnd();
    RawClient unfinished =
        connect(jetty).send(RawClient.handshake("/echo").replace("Connection: Upgrade", "X: y"));
    assertThat(unfinished.read().status()).isEqualTo(400);
    assertThat(jetty.handler.closing()).isZero();
  }

  @Test
  void whoCannotBeCutInTimeIsRefusedByA503() throws Exception {
    JettyServer jetty =
        new JettyServer(
            JettyServer.gate(gate)
                .scheduler((task, delay) -> {
                  throw new RejectedExecutionException("full");
                })
                .refuseByClose("/**", Set.of()),
            JettyServer.Echo.JETTY,
            false);
    server = jetty;
    jetty.start();
    startup.start();
    gate.drain();
    RawClient client = connect(jetty).send(RawClient.handshake("/echo"));
    assertThat(client.read().status()).isEqualTo(503);
    assertThat(jetty.handler.closing()).isZero();
  }

  private JettyServer start(Gate before, Consumer<JettyServer> setting) throws Exception {
    JettyServer jetty = new JettyServer(JettyServer.gate(before), JettyServer.Echo.JETTY, false);
    server = jetty;
    setting.accept(jetty);
    startup.start();
    return jetty.start();
  }

  private void ready() {
    startup.signal("services").ready();
  }

  private RawClient connect(JettyServer jetty) throws Exception {
    RawClient client = RawClient.connect(jetty.port());
    clients.add(client);
    return client;
  }

  private static int closeCode(RawClient client) throws Exception {
    assertThat(client.read().status()).isEqualTo(101);
    return client.readClose();
  }

  private static String get(String path) {
    return RawClient.request("GET " + path + " HTTP/1.1", "Host: localhost");
  }

  private static String forwarded(String hops) {
    return RawClient.handshake("/echo", "X-Forwarded-For: " + hops);
  }

  private void expectWaiting(int expected) {
    eventually(() -> gate.snapshot().waiting() == expected && time.pending() == expected);
  }

  private void eventually(BooleanSupplier condition) {
    for (int i = 0; i < 10_000 && !condition.getAsBoolean(); i++) {
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(condition.getAsBoolean()).as("in ten seconds; " + gate.snapshot()).isTrue();
  }
}
