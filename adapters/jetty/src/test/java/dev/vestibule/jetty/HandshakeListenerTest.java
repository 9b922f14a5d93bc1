package dev.vestibule.jetty;

import static dev.vestibule.HandshakeOutcome.LEFT;
import static dev.vestibule.HandshakeOutcome.OPENED;
import static dev.vestibule.HandshakeOutcome.REFUSED;
import static dev.vestibule.HandshakeOutcome.REJECTED;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Door;
import dev.vestibule.Gate;
import dev.vestibule.HandshakeOutcome;
import dev.vestibule.Startup;
import dev.vestibule.Ticker;
import dev.vestibule.testkit.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every handshake is heard once, whichever way it takes. */
class HandshakeListenerTest {

  private record Heard(String route, HandshakeOutcome outcome, Duration took) {}

  private final Startup startup = Startup.define().phase("services", p -> p.signalled()).build();
  private final Gate gate =
      Gate.before(startup)
          .route("/open/**", r -> r.requires())
          .route("/throws", r -> r.requires())
          .route("/echo", r -> r.requiresAll())
          .build();
  private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
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

  private JettyServer server(HandshakeListener listener) {
    JettyServer made =
        new JettyServer(JettyServer.gate(gate).listener(listener), JettyServer.Echo.JETTY, false);
    server = made;
    startup.start();
    return made;
  }

  private void hear(String route, HandshakeOutcome outcome, Duration took) {
    heard.add(new Heard(route, outcome, took));
  }

  private RawClient handshake(int port, String path, String... more) throws Exception {
    RawClient client = RawClient.connect(port).send(RawClient.handshake(path, more));
    clients.add(client);
    return client;
  }

  private void expect(String route, HandshakeOutcome outcome) throws Exception {
    Heard next = heard.poll(20, TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    assertThat(next.route()).isEqualTo(route);
    assertThat(next.outcome()).isEqualTo(outcome);
    assertThat(next.took()).isPositive().isLessThan(ofMinutes(2));
  }

  private void awaitWaiting(int count) {
    for (int i = 0; i < 10_000 && gate.snapshot().waiting() != count; i++) {
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(gate.snapshot().waiting()).isEqualTo(count);
  }

  @Test
  void whoIsHeldAndWhoPasses() throws Exception {
    int port = server(this::hear).start().port();
    RawClient held = handshake(port, "/echo");
    awaitWaiting(1);
    assertThat(heard).isEmpty();
    startup.signal("services").ready();
    assertThat(held.read().status()).isEqualTo(101);
    expect("/echo", OPENED);

    assertThat(handshake(port, "/echo").read().status()).isEqualTo(101);
    expect("/echo", OPENED);
    assertThat(gate.snapshot().admitted()).isEqualTo(1);
    assertThat(heard).isEmpty();
  }

  @Test
  void whoIsNotLetIn() throws Exception {
    int port = server(this::hear).start().port();
    RawClient foreign = handshake(port, "/echo", "Origin: https://elsewhere.example");
    assertThat(foreign.read().status()).isEqualTo(403);
    expect("/echo", REJECTED);
    RawClient held = handshake(port, "/echo");
    awaitWaiting(1);
    gate.drain();
    assertThat(held.read().status()).isEqualTo(503);
    expect("/echo", REFUSED);
    assertThat(handshake(port, "/open/x").read().status()).isEqualTo(503);
    expect("/open/**", REFUSED);
    assertThat(heard).isEmpty();
  }

  @Test
  void whoIsRefusedByACloseIsNotOpened() throws Exception {
    JettyServer closing =
        new JettyServer(
            JettyServer.gate(gate).refuseByClose("/echo", Set.of()).listener(this::hear),
            JettyServer.Echo.JETTY,
            false);
    server = closing;
    startup.start();
    startup.signal("services").failed(new IOException("boom"));
    RawClient refused = handshake(closing.start().port(), "/echo");
    assertThat(refused.read().status()).isEqualTo(101);
    expect("/echo", REFUSED);
    assertThat(heard).isEmpty();
  }

  @Test
  void whoLeaves() throws Exception {
    int port = server(this::hear).start().port();
    RawClient held = handshake(port, "/echo");
    awaitWaiting(1);
    held.close();
    expect("/echo", LEFT);
    assertThat(heard).isEmpty();
  }

  @Test
  void whatTheServerAnswersForTheApplication() throws Exception {
    int port = server(this::hear).start().port();
    assertThat(handshake(port, "/throws").read().status()).isEqualTo(500);
    expect("/throws", REJECTED);
    assertThat(handshake(port, "/open/nothing").read().status()).isEqualTo(404);
    expect("/open/**", REJECTED);
    assertThat(heard).isEmpty();
  }

  @Test
  void otherRequestsAreNotHandshakes() throws Exception {
    int port = server(this::hear).start().port();
    RawClient plain = RawClient.connect(port);
    clients.add(plain);
    plain.send(RawClient.request("GET /open/x HTTP/1.1", "Host: localhost"));
    assertThat(plain.read().status()).isEqualTo(404);
    handshake(port, "/open/nothing").read();
    expect("/open/**", REJECTED);
    assertThat(heard).isEmpty();
  }

  // When the door was taken over, and when those who had knocked were brought in.
  private final AtomicLong knockedBefore = new AtomicLong();
  private final AtomicLong broughtInAfter = new AtomicLong();

  private Door door(JettyServer jetty) throws Exception {
    Door door = Door.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    // Told of the connector's start before its knocks are brought in,
    jetty.connector.addEventListener(
        new LifeCycle.Listener() {
          @Override
          public void lifeCycleStarted(LifeCycle started) {
            broughtInAfter.set(Ticker.system().read());
          }
        });
    DoorAdoption.adopt(door, jetty.connector);
    // and of its beginning after the door was taken over.
    jetty.connector.addEventListener(
        new LifeCycle.Listener() {
          @Override
          public void lifeCycleStarting(LifeCycle starting) {
            knockedBefore.set(Ticker.system().read());
          }
        });
    return door;
  }

  @Test
  void theTimeBeforeTheServerCounts() throws Exception {
    JettyServer jetty = server(this::hear);
    Door door = door(jetty);
    startup.signal("services").ready();
    RawClient early = handshake(door.port(), "/echo");
    jetty.start();
    assertThat(early.read().status()).isEqualTo(101);
    Heard first = heard.poll(20, TimeUnit.SECONDS);
    assertThat(first).isNotNull();
    long atLeast = broughtInAfter.get() - knockedBefore.get();
    assertThat(first.took()).isGreaterThanOrEqualTo(Duration.ofNanos(atLeast));
  }

  @Test
  void theTimeBeforeTheServerCountsAlsoForWhoLeaves() throws Exception {
    JettyServer jetty = server(this::hear);
    RawClient early = handshake(door(jetty).port(), "/echo");
    jetty.start();
    awaitWaiting(1);
    long stillThere = Ticker.system().read();
    early.close();
    Heard left = heard.poll(20, TimeUnit.SECONDS);
    assertThat(left).isNotNull();
    assertThat(left.outcome()).isEqualTo(LEFT);
    assertThat(left.took())
        .isGreaterThanOrEqualTo(Duration.ofNanos(stillThere - knockedBefore.get()));
  }

  @Test
  void aListenerThatThrowsHurtsNobody() throws Exception {
    int port =
        server(
                (route, outcome, took) -> {
                  throw new IllegalStateException("bad listener");
                })
            .start()
            .port();
    startup.signal("services").ready();
    RawClient client = handshake(port, "/echo");
    assertThat(client.read().status()).isEqualTo(101);
    assertThat(client.send(RawClient.frame("hello")).readText()).isEqualTo("hello");
  }
}
