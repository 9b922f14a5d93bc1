package dev.vestibule;

import static dev.vestibule.Reason.BUDGET_SPENT;
import static dev.vestibule.WaitEnded.Outcome.ADMITTED;
import static dev.vestibule.WaitEnded.Outcome.LEFT;
import static dev.vestibule.WaitEnded.Outcome.REFUSED;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a listener hears, what bounds a waiter, and who waits. */
class GateListenerTest extends GateScene {

  private final List<WaitEnded> heard = new ArrayList<>();

  @BeforeEach
  void listen() {
    gate(g -> g.listener(heard::add));
    start();
  }

  @Test
  void everyOutcomeIsHeardOnce() throws Exception {
    InetAddress client = InetAddress.getByName("192.0.2.7");
    admit("admitted", Arrival.at("/chat").on(lane).from(client));
    admit("spent", Arrival.at("/short").on(lane));
    Waiter leaves = admit("left", Arrival.at("/chat").on(lane).atMost(ofSeconds(7)));
    time.advance(ofSeconds(2));
    leaves.leave();
    time.advance(ofSeconds(3));
    open();
    lane.runAll();
    admit("at once");
    lane.runAll();

    Duration five = ofSeconds(5);
    Duration thirty = ofSeconds(30);
    assertThat(heard)
        .containsExactly(
            new WaitEnded(
                "/chat/**", LEFT, null, "database", null, ofSeconds(2), Bound.CLIENT, ofSeconds(7)),
            new WaitEnded(
                "/short", REFUSED, BUDGET_SPENT, "database", null, five, Bound.ROUTE, five),
            new WaitEnded("/chat/**", ADMITTED, null, "services", client, five, Bound.GATE, thirty),
            new WaitEnded("/chat/**", ADMITTED, null, "services", null, ZERO, Bound.GATE, thirty));
  }

  @Test
  void whoThrowsIsLoggedAndTheOthersStillHear() {
    gate(g ->
        g.listener(
                wait -> {
                  throw new IllegalStateException("bad listener");
                })
            .listener(heard::add));
    admit("left").leave();
    assertThat(heard).hasSize(1);
    expectErrors("a gate listener threw; the others still hear");
  }

  @Test
  void theShortestLimitCountsAndTheLogNamesIt() {
    admit(
        "library",
        Arrival.at("/chat")
            .on(lane)
            .atMost(ofSeconds(9), Bound.LIBRARY)
            .atMost(ofSeconds(20))
            .atMost(ofSeconds(25), Bound.HOP));
    admit("hop", Arrival.at("/short").on(lane).atMost(ofSeconds(4), Bound.HOP));
    admit("gate", Arrival.at("/chat").on(lane).atMost(ofSeconds(31)));
    time.advance(ofSeconds(30));
    lane.runAll();
    assertThat(logs.waits())
        .satisfiesExactly(
            line -> assertThat(line).endsWith("elapsed=4.000 s polls=0 bound=hop limit=4.000 s"),
            line ->
                assertThat(line).endsWith("elapsed=9.000 s polls=0 bound=library limit=9.000 s"),
            line ->
                assertThat(line).endsWith("elapsed=30.000 s polls=0 bound=gate limit=30.000 s"));
  }

  @Test
  void whoListensLaterHearsFromThenOn() {
    admit("before").leave();
    List<WaitEnded> later = new ArrayList<>();
    gate.listen(later::add);
    admit("after").leave();
    assertThat(later).hasSize(1);
    assertThat(heard).hasSize(2);
  }

  @Test
  void whoWaitsIsListedLongestFirst() throws Exception {
    InetAddress client = InetAddress.getByName("192.0.2.7");
    admit("first", Arrival.at("/chat").on(lane).from(client));
    time.advance(ofSeconds(1));
    admit("second", Arrival.at("/short").on(lane));
    time.advance(ofSeconds(2));
    assertThat(gate.waiters(10))
        .containsExactly(
            new WaiterSnapshot("/chat/**", client, ofSeconds(3), ofSeconds(27), Bound.GATE),
            new WaiterSnapshot("/short", null, ofSeconds(2), ofSeconds(3), Bound.ROUTE));
    assertThat(gate.waiters(1)).hasSize(1);
    gate.drain();
    lane.runAll();
    assertThat(gate.waiters(10)).isEmpty();
  }
}
