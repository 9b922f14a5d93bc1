package dev.vestibule;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

/** How many may wait, who counts as one client, and which reason is told when several apply. */
class GateBoundsTest extends GateScene {

  private static InetAddress address(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private Waiter admitFrom(String literal) {
    return admit(literal, Arrival.at("/chat").from(address(literal)).on(lane));
  }

  @Test
  void noMoreThanSoManyWaitInAll() {
    gate(g -> g.maxWaiting(2));
    start();
    Waiter first = admit("a");
    admit("b");
    admit("c");
    lane.runAll();
    assertThat(outcomes).containsExactly("c FULL");
    assertThat(refusal().phase()).isEqualTo("database");

    first.leave();
    admit("d");
    lane.runAll();
    assertThat(gate.snapshot().waiting()).isEqualTo(2);
    gate.drain();
  }

  @Test
  void nobodyIsHeldWhenNoneMay() {
    gate(g -> g.maxWaiting(0));
    start();
    admit("a");
    lane.runAll();

    assertThat(outcomes).containsExactly("a FULL");
  }

  @Test
  void noMoreThanSoManyWaitFromOneClient() {
    gate(g -> g.maxWaiting(3).maxWaitingPerClient(1));
    start();
    admitFrom("192.0.2.1");
    admitFrom("192.0.2.1");
    admitFrom("192.0.2.2");
    lane.runAll();
    assertThat(outcomes).containsExactly("192.0.2.1 FULL");
    // What was reserved for the refused one was rolled back.
    assertThat(gate.snapshot().waiting()).isEqualTo(2);

    admit("nobody knows");
    assertThat(gate.snapshot().waiting()).isEqualTo(3);
    open();
    lane.runAll();
    lose();
    admitFrom("192.0.2.1");
    assertThat(gate.snapshot().waiting()).isOne();
    gate.drain();
  }

  @Test
  void inIpv6AClientIsItsSlash64() {
    gate(g -> g.maxWaitingPerClient(1));
    start();
    admitFrom("2001:db8:1:2::1");
    admitFrom("2001:db8:1:2:ffff:ffff:ffff:ffff");
    admitFrom("2001:db8:1:3::1");
    // An IPv4 address whose bytes are those of the network is somebody else.
    admitFrom("32.1.13.184");
    lane.runAll();

    assertThat(outcomes).containsExactly("2001:db8:1:2:ffff:ffff:ffff:ffff FULL");
    assertThat(gate.snapshot().waiting()).isEqualTo(3);
    gate.drain();
  }

  @Test
  void anIpv4AddressInIpv6ClothesIsTheSameClient() {
    gate(g -> g.maxWaitingPerClient(1));
    start();
    admitFrom("192.0.2.1");
    admitFrom("::ffff:192.0.2.1");
    lane.runAll();

    assertThat(outcomes).containsExactly("::ffff:192.0.2.1 FULL");
    gate.drain();
  }

  @Test
  void aWaiterThatWouldHoldTooMuchMemoryIsRefused() {
    gate(g -> g.maxBytesPerWaiter(1000));
    start();
    admit("fits", Arrival.at("/chat").on(lane).bytes(1000));
    admit("not", Arrival.at("/chat").on(lane).bytes(1001));
    lane.runAll();

    assertThat(outcomes).containsExactly("not FULL");
    open();
    admit("not held", Arrival.at("/chat").on(lane).bytes(1001));
    lane.runAll();
    assertThat(outcomes).last().isEqualTo("not held admitted");
  }

  @Test
  void whatIsDownIsToldBeforeFullAndBeforeTimeIsUp() {
    gate(g -> g.maxWaiting(1).maxBytesPerWaiter(10));
    start();
    open();
    lose();
    admit("a");
    admit("full");
    admit("fat", Arrival.at("/chat").on(lane).bytes(11));
    admit("late", Arrival.at("/chat").on(lane).atMost(ZERO));
    time.advance(ofSeconds(30));
    lane.runAll();

    assertThat(outcomes)
        .containsExactly(
            "full DEPENDENCY_DOWN",
            "fat DEPENDENCY_DOWN",
            "late DEPENDENCY_DOWN",
            "a DEPENDENCY_DOWN");
    assertThat(refusal().phase()).isEqualTo("services");
  }

  @Test
  void fullIsToldBeforeTimeIsUp() {
    gate(g -> g.maxWaiting(1));
    start();
    admit("a");
    admit("late", Arrival.at("/chat").on(lane).atMost(ZERO));
    lane.runAll();

    assertThat(outcomes).containsExactly("late FULL");
    gate.drain();
  }

  @Test
  void drainingIsToldBeforeEverything() {
    gate(g -> g.maxWaiting(0));
    start();
    startup.signal("database").failed(boom);
    expectErrors("phase database failed", "startup FAILED");
    gate.drain();
    admit("a", Arrival.at("/chat").on(lane).atMost(ZERO));
    lane.runAll();

    assertThat(outcomes).containsExactly("a DRAINING");
  }

  @Test
  void aClosedStartupIsDrainingEvenIfAPhaseHadFailed() {
    start();
    startup.signal("extra").failed(boom);
    startup.close();
    admit("all", Arrival.at("/all").on(lane));
    lane.runAll();
    assertThat(outcomes).containsExactly("all DRAINING");
  }

  @Test
  void aFailedStartIsToldBeforeWhatIsDown() {
    gate(g -> g.route("/both", r -> r.requires("services", "extra")));
    start();
    open();
    lose();
    startup.signal("extra").failed(boom);
    admit("a", Arrival.at("/both").on(lane));
    lane.runAll();

    assertThat(outcomes).containsExactly("a STARTUP_FAILED");
    assertThat(refusal().phase()).isEqualTo("extra");
  }

  @Test
  void allMistakesAreToldAtOnce() {
    GateBuilder builder =
        Gate.before(startup)
            .route("/a", r -> r.requires("nothing"))
            .route("/a", r -> r.requires("services"))
            .route("b*c", r -> r.requires("services").requiresAll())
            .route("/d", r -> r.requiresAll().holdAtMost(ZERO))
            .holdAtMost(ofSeconds(-1))
            .maxWaiting(-1)
            .maxWaitingPerClient(0)
            .maxBytesPerWaiter(0);

    assertThatIllegalArgumentException()
        .isThrownBy(builder::build)
        .withMessage(
            "gate: route: /a (expected: declared once);"
                + " holdAtMost: PT-1S (expected: > PT0S, <= PT8760H);"
                + " maxWaiting: -1 (expected: >= 0);"
                + " maxWaitingPerClient: 0 (expected: >= 1);"
                + " maxBytesPerWaiter: 0 (expected: >= 1);"
                + " route /a.requires: nothing (expected: one of [database, services, extra]);"
                + " route: 'b*c' (expected: begins with /, * only as a whole segment, ** only as"
                + " the last one);"
                + " route b*c: requires and requiresAll (expected: one of them);"
                + " route /d.holdAtMost: PT0S (expected: > PT0S, <= PT8760H)");
  }
}
