package dev.vestibule;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import org.junit.jupiter.api.Test;

/** Arriving, waiting, and each way in which a wait ends. */
class GateTest extends GateScene {

  @Test
  void anOpenRouteLetsInAtOnceOnTheLane() {
    start();
    open();
    admit("a");
    assertThat(outcomes).isEmpty();
    lane.runAll();

    assertThat(outcomes).containsExactly("a admitted");
    assertThat(((Admitted) admissions.get(0)).waited()).isZero();
    assertThat(logs.waits()).noneMatch(line -> line.contains("admitted"));
  }

  @Test
  void aWaiterIsHeldUntilItsRouteOpens() {
    start();
    admit("a");
    lane.runAll();
    assertThat(gate.snapshot().waiting()).isOne();
    startup.signal("database").ready();
    time.advance(ofSeconds(3));
    assertThat(outcomes).isEmpty();

    startup.signal("services").ready();
    lane.runAll();

    assertThat(outcomes).containsExactly("a admitted");
    assertThat(((Admitted) admissions.get(0)).waited()).isEqualTo(ofSeconds(3));
    assertThat(logs.waits())
        .contains(
            "Signal wait completed successfully: strategy=signal phase=services outcome=admitted"
                + " elapsed=3.000 s polls=0 bound=gate limit=30.000 s");
  }

  @Test
  void theOrderOfArrivalIsKeptAndOneTaskPerLaneIsPosted() {
    ManualExecutor other = new ManualExecutor();
    start();
    for (int i = 0; i < 100; i++) {
      admit("a" + i);
      admit("b" + i, Arrival.at("/chat").on(other));
    }
    assertThat(lane.taken()).isZero();

    open();
    assertThat(lane.taken()).isOne();
    assertThat(other.taken()).isOne();
    lane.runAll();
    other.runAll();

    assertThat(outcomes).hasSize(200);
    for (int i = 0; i < 100; i++) {
      assertThat(outcomes.get(i)).isEqualTo("a" + i + " admitted");
      assertThat(outcomes.get(100 + i)).isEqualTo("b" + i + " admitted");
    }
    assertThat(lane.taken()).isOne();
  }

  @Test
  void refusingALaneTakesOneTaskToo() {
    start();
    for (int i = 0; i < 100; i++) {
      admit("a" + i);
    }
    startup.signal("database").failed(boom);
    expectErrors("phase database failed", "startup FAILED");

    lane.runAll();

    assertThat(outcomes).hasSize(100).allMatch(outcome -> outcome.endsWith("STARTUP_FAILED"));
    assertThat(lane.taken()).isOne();
  }

  @Test
  void whoeverArrivesAfterOpeningComesAfterThoseOfItsLane() {
    start();
    admit("early");
    open();
    admit("late");
    lane.runAll();

    assertThat(outcomes).containsExactly("early admitted", "late admitted");
  }

  @Test
  void aReleaseStopsWhenTheRouteClosesHalfWayAndTheRestKeepTheirPlaces() {
    start();
    admit(
        "a",
        Arrival.at("/chat").on(lane),
        admitted -> {
          admitted.opened();
          lose();
        });
    admit("b");
    admit("c");
    open();
    lane.runAll();
    assertThat(outcomes).containsExactly("a admitted");
    assertThat(gate.snapshot().waiting()).isEqualTo(2);

    admit("d");
    regain();
    lane.runAll();

    assertThat(outcomes).containsExactly("a admitted", "b admitted", "c admitted", "d admitted");
  }

  @Test
  void aPostedReleaseLetsNobodyInOnceTheRouteHasClosed() {
    start();
    admit("a");
    open();
    lose();
    lane.runAll();
    assertThat(outcomes).isEmpty();

    time.advance(ofSeconds(30));
    lane.runAll();
    assertThat(outcomes).containsExactly("a DEPENDENCY_DOWN");
    assertThat(refusal().phase()).isEqualTo("services");
  }

  @Test
  void whoeverLeavesIsNotCalled() {
    start();
    Waiter waiter = admit("a");
    time.advance(ofSeconds(1));

    assertThat(waiter.leave()).isTrue();
    assertThat(waiter.leave()).isFalse();
    open();
    lane.runAll();

    assertThat(outcomes).isEmpty();
    assertThat(gate.snapshot().left()).isOne();
    assertThat(logs.waits())
        .contains(
            "Signal wait ended: strategy=signal phase=database outcome=left"
                + " elapsed=1.000 s polls=0 bound=gate limit=30.000 s");
  }

  @Test
  void drainingRefusesThoseWhoWaitAndEveryoneFromThenOn() {
    start();
    admit("a");
    gate.drain();
    gate.drain();
    admit("b");
    admit("free", Arrival.at("/free").on(lane));
    admit("ungated", Arrival.at("/elsewhere").on(lane));
    lane.runAll();

    assertThat(outcomes)
        .containsExactlyInAnyOrder("a DRAINING", "b DRAINING", "free DRAINING", "ungated DRAINING");
    assertThat(refusal().phase()).isNull();
    open();
    assertThat(chat().state()).isEqualTo(RouteState.REFUSE);
  }

  @Test
  void drainingFromACallbackRefusesTheRest() {
    start();
    admit(
        "a",
        Arrival.at("/chat").on(lane),
        admitted -> {
          gate.drain();
          admitted.opened();
        });
    admit("b");
    open();
    lane.runAll();

    assertThat(outcomes).containsExactly("a admitted", "b DRAINING");
  }

  @Test
  void callbacksMayCallBackOnTheCallersThread() {
    start();
    Arrival inline = Arrival.at("/chat").on(Runnable::run);
    admit(
        "a",
        inline,
        admitted -> {
          admitted.opened();
          lose();
          admit("x", inline, Admitted::opened);
          regain();
        });
    admit("b", inline);
    open();

    // What a callback signals is announced after what is being announced: x finds the route open.
    assertThat(outcomes).containsExactly("a admitted", "x admitted", "b admitted");
  }

  @Test
  void aFailedStartRefuses() {
    start();
    admit("a");
    startup.signal("database").failed(boom);
    expectErrors("phase database failed", "startup FAILED");
    admit("b");
    lane.runAll();

    assertThat(outcomes).containsExactlyInAnyOrder("a STARTUP_FAILED", "b STARTUP_FAILED");
    assertThat(refusal().phase()).isEqualTo("database");
  }

  @Test
  void closingStartupRefusesAsDraining() {
    start();
    admit("a");
    startup.close();
    lane.runAll();

    assertThat(outcomes).containsExactly("a DRAINING");
  }

  @Test
  void routesThatDoNotNeedWhatFailedAreNotAffected() {
    start();
    startup.signal("extra").failed(boom);
    admit("extra", Arrival.at("/extra").on(lane));
    admit("free", Arrival.at("/free").on(lane));
    open();
    admit("all", Arrival.at("/all/of/it").on(lane));
    admit("chat");
    lane.runAll();

    assertThat(outcomes)
        .containsExactly("extra STARTUP_FAILED", "free admitted", "all admitted", "chat admitted");
  }

  @Test
  void aRouteThatRequiresAllWaitsForOptionalPhasesToo() {
    start();
    open();
    admit("all", Arrival.at("/all").on(lane));
    lane.runAll();
    assertThat(outcomes).isEmpty();
    startup.signal("extra").ready();
    startup.signal("extra").lost(boom);
    lane.runAll();

    assertThat(outcomes).containsExactly("all admitted");
  }

  @Test
  void aPathThatNoRouteTakesIsNotGated() {
    admit("a", Arrival.at("/elsewhere").on(lane));
    lane.runAll();

    assertThat(gate.routeAt("/elsewhere")).isNull();
    assertThat(outcomes).containsExactly("a admitted");
  }

  @Test
  void theFirstRouteThatTakesAPathIsItsRoute() {
    assertThat(chat().pattern()).isEqualTo("/chat/**");
    assertThat(gate.routeAt("/chat/a/b")).isSameAs(chat());
    assertThat(chat().isOpen()).isFalse();
    assertThat(chat().state()).isEqualTo(RouteState.HOLD);
  }

  @Test
  void theFiguresAddUp() {
    start();
    admit("a").leave();
    admit("b", Arrival.at("/chat").on(lane).atMost(ofSeconds(1)));
    time.advance(ofSeconds(1));
    Admitted[] kept = new Admitted[1];
    admit("c", Arrival.at("/chat").on(lane), admitted -> kept[0] = admitted);
    admit("d");
    assertThat(gate.snapshot().routes().get(0))
        .isEqualTo(
            new GateSnapshot.RouteSnapshot("/chat/**", RouteState.HOLD, "database", null, 2));
    open();
    lane.runAll();

    GateSnapshot now = gate.snapshot();
    assertThat(now.waiting()).isZero();
    assertThat(now.admitted()).isEqualTo(2);
    assertThat(now.inFlight()).isOne();
    assertThat(now.left()).isOne();
    assertThat(now.refused()).containsEntry(Reason.BUDGET_SPENT, 1L).containsKeys(Reason.values());
    assertThat(now.routes().get(0))
        .isEqualTo(new GateSnapshot.RouteSnapshot("/chat/**", RouteState.OPEN, null, null, 0));
    kept[0].opened();
  }

  @Test
  void aRouteLogsItsChangesOnceEach() {
    start();
    open();
    lose();
    regain();
    gate.drain();

    assertThat(logs.from(Level.INFO).stream().filter(line -> line.startsWith("route /chat")))
        .containsExactly(
            "route /chat/**: OPEN (phase services)",
            "route /chat/**: HOLD (phase services)",
            "route /chat/**: OPEN (phase services)",
            "route /chat/**: REFUSE (phase -)");
  }
}
