package dev.vestibule;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What follows for arrivals from something that is away, for a time that is known or not. */
class ForecastOfWhatIsAwayTest extends GateScene {

  /**
   * A route that does not need an optional phase is not kept by it, so its absence turns nobody
   * away. (The chat's model breaker is bound to an optional phase.)
   */
  @Test
  void anOptionalPhaseThatIsAwayTurnsNobodyAwayWhoDoesNotNeedIt() {
    start();
    startup.signal("extra").ready();
    startup.signal("extra").lost(boom, ofSeconds(60));
    admit("hopeful", Arrival.at("/all/of").on(lane));
    lane.runAll();
    assertThat(outcomes).isEmpty();
    open();
    lane.runAll();
    assertThat(outcomes).containsExactly("hopeful admitted");
  }

  /** Nor does it take away what past starts say. */
  @Test
  void anOptionalPhaseThatIsAwayForATimeUnknownDoesNotHideTheEstimate() {
    Estimate estimate = new Estimate(ofSeconds(40), ofSeconds(40), ofSeconds(40), 9);
    gate(g -> g.estimator((now, phases) -> estimate));
    start();
    startup.signal("extra").ready();
    startup.signal("extra").lost(boom);
    admit("hopeless", Arrival.at("/all/of").on(lane));
    lane.runAll();
    assertThat(outcomes).containsExactly("hopeless TOO_LONG");
  }

  /** One of two that are away is away for a minute at least, whatever the other does. */
  @Test
  void whatIsKnownOfOneHoldsThoughNothingIsKnownOfTheOther() {
    start();
    open();
    startup.signal("database").lost(boom);
    startup.signal("services").lost(boom, ofSeconds(60));
    admit("hopeless");
    lane.runAll();
    assertThat(outcomes).containsExactly("hopeless DEPENDENCY_DOWN");
  }

  /** A breaker that is forced open after it was open: the time that it told is void. */
  @Test
  void lostAgainWithoutATimeTakesTheTimeBack() {
    start();
    open();
    startup.signal("database").lost(boom, ofSeconds(60));
    startup.signal("database").lost(boom);
    assertThat(startup.snapshot().phase("database").backAt()).isNull();
  }

  /** Over the time that was told, nothing is known: not that it is back now. */
  @Test
  void overTheTimeThatWasToldTheRemainingTimeIsUnknown() {
    Estimate passed = new Estimate(Duration.ZERO, Duration.ZERO, Duration.ZERO, 9);
    gate(g -> g.estimator((now, phases) -> passed));
    start();
    open();
    startup.signal("database").lost(boom, ofSeconds(5));
    time.advance(ofSeconds(20));
    assertThat(chat().remaining()).isNull();
  }

  @Test
  void aTimeTooLongToCountIsNotHalfApplied() {
    start();
    open();
    time.advance(ofSeconds(2));
    assertThatThrownBy(
            () -> startup.signal("services").lost(boom, Duration.ofSeconds(Long.MAX_VALUE)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(expected: PT0S to PT8760H)");
    assertThat(startup.snapshot().phase("services").state()).isEqualTo(PhaseState.READY);
    assertThat(chat().isOpen()).isTrue();
  }

  /** An estimator that throws once the wait is over leaves its client without any answer. */
  @Test
  void aClientIsAnsweredThoughTheEstimatorThrows() {
    boolean[] broken = {false};
    gate(g ->
        g.estimator((now, phases) -> {
          if (broken[0]) {
            throw new IllegalStateException("estimator");
          }
          return null;
        }));
    start();
    admit("held");
    broken[0] = true;
    try {
      time.advance(ofSeconds(30));
    } catch (RuntimeException e) {
      // Out of the scheduler.
    }
    lane.runAll();
    expectErrors("the estimator threw");
    assertThat(outcomes).containsExactly("held BUDGET_SPENT");
  }

  /** And one that throws at the knock. */
  @Test
  void anArrivalIsHeldThoughTheEstimatorThrows() {
    gate(g ->
        g.estimator((now, phases) -> {
          throw new IllegalStateException("estimator");
        }));
    start();
    admit("held");
    open();
    lane.runAll();
    expectErrors("the estimator threw");
    assertThat(outcomes).containsExactly("held admitted");
  }

  /** The database is away for 5 s, and something else that is needed has 60 s to go. */
  @Test
  void whatIsAwayDoesNotHideWhatStillRuns() {
    Estimate running = new Estimate(ofSeconds(50), ofSeconds(60), ofSeconds(70), 9);
    Set<Set<String>> asked = new HashSet<>();
    gate(g ->
        g.estimator((now, phases) -> {
          asked.add(phases);
          return running;
        }));
    start();
    startup.signal("database").ready();
    startup.signal("database").lost(boom, ofSeconds(5));
    assertThat(chat().remaining()).isEqualTo(running);
    assertThat(asked).containsExactly(Set.of("services"));
  }
}
