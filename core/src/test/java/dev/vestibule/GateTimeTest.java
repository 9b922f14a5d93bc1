package dev.vestibule;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The time of those who wait: whose it is, when it begins, and what happens when it is up. */
class GateTimeTest extends GateScene {

  @Test
  void theTimeOfAWaiterRunsOut() {
    start();
    admit("a");
    time.advance(ofSeconds(30).minusNanos(1));
    lane.runAll();
    assertThat(outcomes).isEmpty();
    time.advance(ofMillis(1));
    lane.runAll();

    assertThat(outcomes).containsExactly("a BUDGET_SPENT");
    assertThat(refusal().phase()).isEqualTo("database");
    assertThat(refusal().waited()).isEqualTo(ofSeconds(30));
    assertThat(logs.waits())
        .containsExactly(
            "Signal wait ended: strategy=signal phase=database outcome=timed out"
                + " elapsed=30.000 s polls=0 bound=gate limit=30.000 s");
  }

  @Test
  void aRouteMayHoldForLess() {
    start();
    admit("a", Arrival.at("/short").on(lane));
    time.advance(ofSeconds(5));
    lane.runAll();

    assertThat(outcomes).containsExactly("a BUDGET_SPENT");
  }

  @Test
  void anArrivalMayShortenItsTimeAndNotLengthenIt() {
    start();
    admit("short", Arrival.at("/chat").on(lane).atMost(ofSeconds(2)));
    admit("long", Arrival.at("/chat").on(lane).atMost(ofSeconds(100_000_000_000L)));
    admit("none", Arrival.at("/chat").on(lane).atMost(ZERO));
    lane.runAll();
    assertThat(outcomes).containsExactly("none BUDGET_SPENT");
    time.advance(ofSeconds(2));
    lane.runAll();
    assertThat(outcomes).containsExactly("none BUDGET_SPENT", "short BUDGET_SPENT");
    time.advance(ofSeconds(28));
    lane.runAll();

    assertThat(outcomes).last().isEqualTo("long BUDGET_SPENT");
  }

  @Test
  void theClockStartsWhenTheClientKnocked() {
    start();
    long knocked = time.read();
    time.advance(ofSeconds(10));
    admit("a", Arrival.at("/chat").on(lane).knockedAt(knocked));
    time.advance(ofSeconds(20));
    lane.runAll();

    assertThat(outcomes).containsExactly("a BUDGET_SPENT");
    assertThat(refusal().waited()).isEqualTo(ofSeconds(30));
  }

  @Test
  void aKnockInTheFutureLengthensNothing() {
    start();
    admit("a", Arrival.at("/chat").on(lane).knockedAt(time.read() + 60_000_000_000L));
    time.advance(ofSeconds(30));
    lane.runAll();

    assertThat(outcomes).containsExactly("a BUDGET_SPENT");
  }

  @Test
  void aLaneThatIsShutDownDoesNotKeepTimeFromRunningOut() {
    start();
    admit("a");
    lane.close();
    time.advance(ofSeconds(30));

    assertThat(gate.snapshot().waiting()).isZero();
    assertThat(gate.snapshot().refused()).containsEntry(Reason.BUDGET_SPENT, 1L);
  }
}
