package dev.vestibule;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The polling strategies at the gate: the way back, and what comparisons are made with. */
class GatePollingTest extends GateScene {

  private void pass(Duration duration) {
    for (long i = 0; i < duration.toMillis(); i += 10) {
      time.advance(ofMillis(10));
      lane.runAll();
    }
  }

  @Test
  void aPollerIsLetInAtItsNextPollAndNotBefore() {
    gate(g -> g.strategy(ReadinessStrategy.fixed(ofMillis(100))));
    start();
    admit("a");
    pass(ofMillis(30));
    admit("b");
    pass(ofMillis(90));
    open();
    lane.runAll();
    assertThat(outcomes).isEmpty();
    pass(ofMillis(10));
    assertThat(outcomes).containsExactly("b admitted");
    pass(ofMillis(70));

    assertThat(outcomes).containsExactly("b admitted", "a admitted");
    assertThat(logs.waits())
        .contains(
            "Fixed-interval wait completed successfully: strategy=fixed phase=services"
                + " outcome=admitted elapsed=0.200 s polls=3 bound=gate limit=30.000 s");
  }

  @Test
  void progressivePollersBackOff() {
    gate(g -> g.strategy(ReadinessStrategy.progressive()));
    start();
    startup.signal("database").ready();
    admit("a");
    // Polls at 0, 50, ... 500, 600, 800, 1300, 2300 ms.
    pass(ofMillis(1310));
    startup.signal("services").ready();
    pass(ofMillis(980));
    assertThat(outcomes).isEmpty();
    pass(ofMillis(10));

    assertThat(outcomes).containsExactly("a admitted");
  }

  @Test
  void aPollersTimeRunsOut() {
    gate(g -> g.strategy(ReadinessStrategy.fixed(ofMillis(100))));
    start();
    admit("a");
    pass(ofSeconds(30));

    assertThat(outcomes).containsExactly("a BUDGET_SPENT");
    assertThat(logs.waits())
        .containsExactly(
            "Fixed-interval wait ended: strategy=fixed phase=database outcome=timed out"
                + " elapsed=30.000 s polls=300 bound=gate limit=30.000 s");
  }

  @Test
  void pollersAreRefusedWithoutPolling() {
    gate(g -> g.strategy(ReadinessStrategy.fixed(ofSeconds(10))));
    start();
    admit("a");
    gate.drain();
    lane.runAll();

    assertThat(outcomes).containsExactly("a DRAINING");
  }

  @Test
  void aPollerMayLeave() {
    gate(g -> g.strategy(ReadinessStrategy.fixed(ofMillis(100))));
    start();
    Waiter waiter = admit("a");
    pass(ofMillis(150));

    assertThat(waiter.leave()).isTrue();
  }

  @Test
  void aPollerOnALaneThatIsShutDownIsGone() {
    gate(g -> g.strategy(ReadinessStrategy.fixed(ofMillis(100))));
    start();
    admit("a");
    lane.close();
    time.advance(ofMillis(100));

    assertThat(gate.snapshot().waiting()).isZero();
    assertThat(gate.snapshot().left()).isOne();
  }

  @Test
  void aPollerThatWasPutBackPollsOn() {
    gate(g -> g.strategy(ReadinessStrategy.fixed(ofMillis(100))));
    start();
    boolean[] once = new boolean[1];
    admit(
        "a",
        Arrival.at("/chat").on(lane),
        admitted -> {
          if (once[0]) {
            admitted.opened();
          } else {
            once[0] = true;
            admitted.failed(boom);
          }
        });
    open();
    pass(ofMillis(500));
    assertThat(outcomes).containsExactly("a admitted");
    lose();
    regain();
    pass(ofMillis(100));

    assertThat(outcomes).containsExactly("a admitted", "a admitted");
  }
}
