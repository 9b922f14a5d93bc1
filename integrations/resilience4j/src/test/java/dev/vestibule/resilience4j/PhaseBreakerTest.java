package dev.vestibule.resilience4j;

import static dev.vestibule.PhaseState.DOWN;
import static dev.vestibule.PhaseState.READY;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vestibule.Reason;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.core.IntervalFunction;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The life of a phase that follows a breaker, and what those who arrive see of it. */
class PhaseBreakerTest extends BreakerScene {

  // The breaker lets the first call through a millisecond after its wait.
  private static final Duration FIRST_PROBE = ofMillis(4_001);

  @Test
  void whoHasTheTimeIsHeldAndLetInWhenItIsClosed() {
    bind();
    ready();
    trip();
    assertThat(phase()).isEqualTo(DOWN);
    assertThat(away()).isEqualTo(ofSeconds(4));
    admit("patient", ofSeconds(30));
    assertThat(outcomes).isEmpty();
    well = true;
    pass(FIRST_PROBE);
    assertThat(breaker.getState()).isEqualTo(State.HALF_OPEN);
    assertThat(asked).isOne();
    admit("meanwhile", ofSeconds(1));
    assertThat(phase()).isEqualTo(DOWN);
    assertThat(outcomes).isEmpty();
    pass(ofMillis(100));
    assertThat(breaker.getState()).isEqualTo(State.CLOSED);
    assertThat(phase()).isEqualTo(READY);
    assertThat(outcomes).containsExactly("patient admitted", "meanwhile admitted");
    admit("later", ofSeconds(1));
    assertThat(outcomes).hasSize(3).endsWith("later admitted");
    pass(ofSeconds(60));
    assertThat(asked).isEqualTo(2);
  }

  @Test
  void whoCannotWaitSoLongIsRefusedAtOnceAndToldWhenToComeBack() {
    bind();
    ready();
    trip();
    admit("hasty", ofMillis(3_999));
    assertThat(outcomes).containsExactly("hasty DEPENDENCY_DOWN");
    assertThat(refusals.get(0).reason()).isEqualTo(Reason.DEPENDENCY_DOWN);
    assertThat(refusals.get(0).phase()).isEqualTo("database");
    assertThat(refusals.get(0).waited()).isZero();
    assertThat(refusals.get(0).retryAfter()).isBetween(ofSeconds(4), ofSeconds(6));
    pass(ofSeconds(3));
    admit("the same time, later", ofMillis(3_999));
    assertThat(outcomes).hasSize(1);
    admit("in a hurry", ofMillis(999));
    assertThat(outcomes).hasSize(2).endsWith("in a hurry DEPENDENCY_DOWN");
    assertThat(refusals.get(1).retryAfter()).isBetween(ofSeconds(1), ofSeconds(3));
    well = true;
    pass(ofSeconds(2));
    assertThat(outcomes).endsWith("the same time, later admitted");
  }

  @Test
  void aProbeThatFailsOpensItAgainForANewTime() {
    bind();
    ready();
    trip();
    admit("patient", ofSeconds(30));
    pass(FIRST_PROBE);
    assertThat(breaker.getState()).isEqualTo(State.HALF_OPEN);
    pass(ofMillis(100));
    assertThat(asked).isEqualTo(2);
    assertThat(breaker.getState()).isEqualTo(State.OPEN);
    assertThat(phase()).isEqualTo(DOWN);
    assertThat(away()).isEqualTo(ofSeconds(4));
    admit("hasty", ofSeconds(3));
    assertThat(outcomes).containsExactly("hasty DEPENDENCY_DOWN");
    well = true;
    pass(ofMillis(4_101));
    assertThat(outcomes).endsWith("patient admitted");
  }

  @Test
  void whoseTimeIsUpHearsWhatIsAway() {
    bind();
    ready();
    trip();
    admit("patient", ofSeconds(9));
    pass(ofSeconds(9));
    assertThat(outcomes).containsExactly("patient DEPENDENCY_DOWN");
  }

  @Test
  void waitsThatGrowAreToldAsTheyAre() {
    breaker(
        IntervalFunction.ofExponentialBackoff(ofSeconds(1), 2),
        b -> b.permittedNumberOfCallsInHalfOpenState(1));
    bind();
    ready();
    trip();
    List<Duration> told = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Duration away = Objects.requireNonNull(away());
      told.add(away);
      pass(away);
      assertThat(asked).isEqualTo(i);
      well = i == 3;
      pass(ofMillis(1));
      assertThat(asked).isEqualTo(i + 1);
    }
    assertThat(told).containsExactly(ofSeconds(1), ofSeconds(2), ofSeconds(4), ofSeconds(8));
    assertThat(phase()).isEqualTo(READY);
    trip();
    assertThat(away()).isEqualTo(ofSeconds(1));
  }

  @Test
  void aWaitThatIsRandomIsNotPromised() {
    breaker(IntervalFunction.ofRandomized(ofSeconds(60), 0.5), b -> b);
    bind();
    ready();
    trip();
    assertThat(phase()).isEqualTo(DOWN);
    assertThat(away()).isNull();
    admit("hopeful", ofSeconds(1));
    assertThat(outcomes).isEmpty();
    well = true;
    pass(ofSeconds(92));
    assertThat(phase()).isEqualTo(READY);
  }

  @Test
  void aWaitForEverIsALongOne() {
    breaker(opening -> Long.MAX_VALUE, b -> b);
    bind();
    ready();
    trip();
    assertThat(away()).isEqualTo(Duration.ofDays(365));
    admit("hopeless", ofSeconds(30));
    assertThat(refusals.get(0).retryAfterSeconds()).isGreaterThan(31_000_000);
  }

  @Test
  void openedByHandForATimeItIsBackAfterThatTime() {
    bind();
    ready();
    breaker.transitionToOpenStateFor(ofMillis(1_500));
    assertThat(phase()).isEqualTo(DOWN);
    assertThat(away()).isNull();
    well = true;
    pass(ofMillis(1_500));
    assertThat(asked).isZero();
    pass(ofMillis(600));
    assertThat(phase()).isEqualTo(READY);
  }

  @Test
  void aTimeThatNoLongerHoldsIsTakenBack() {
    bind();
    ready();
    trip();
    breaker.transitionToForcedOpenState();
    assertThat(phase()).isEqualTo(DOWN);
    admit("hopeful", ofSeconds(1));
    assertThat(outcomes).isEmpty();
    pass(ofSeconds(2));
    assertThat(outcomes).containsExactly("hopeful DEPENDENCY_DOWN");
  }

  @Test
  void forcedOpenNobodyAsksUntilThatIsChanged() {
    bind();
    ready();
    well = true;
    breaker.transitionToForcedOpenState();
    assertThat(phase()).isEqualTo(DOWN);
    assertThat(away()).isNull();
    assertThat(time.pending()).isZero();
    pass(Duration.ofHours(1));
    assertThat(asked).isZero();
    breaker.transitionToHalfOpenState();
    assertThat(asked).isOne();
    pass(ofMillis(100));
    assertThat(phase()).isEqualTo(READY);
  }

  @Test
  void switchedOffItLetsEverybodyThrough() {
    bind();
    ready();
    trip();
    breaker.transitionToDisabledState();
    assertThat(phase()).isEqualTo(READY);
    breaker.transitionToForcedOpenState();
    assertThat(phase()).isEqualTo(DOWN);
    breaker.transitionToMetricsOnlyState();
    assertThat(phase()).isEqualTo(READY);
    assertThat(time.pending()).isZero();
  }

  @Test
  void theApplicationsOwnCallsBringItBackToo() {
    bind();
    ready();
    trip();
    admit("patient", ofSeconds(30));
    pass(FIRST_PROBE);
    assertThat(asked).isOne();
    breaker.transitionToClosedState();
    assertThat(outcomes).containsExactly("patient admitted");
    pass(ofSeconds(10));
    assertThat(asked).isOne();
  }

  @Test
  void resetByHandItIsBack() {
    bind();
    ready();
    trip();
    breaker.reset();
    assertThat(phase()).isEqualTo(READY);
    assertThat(time.pending()).isZero();
  }

  @Test
  void openWhenBoundItIsDownForATimeUnknown() {
    ready();
    trip();
    pass(ofSeconds(2));
    bind();
    assertThat(phase()).isEqualTo(DOWN);
    assertThat(away()).isNull();
    well = true;
    pass(ofSeconds(2));
    assertThat(phase()).isEqualTo(DOWN);
    pass(ofMillis(1_100));
    assertThat(phase()).isEqualTo(READY);
  }

  @Test
  void halfOpenWhenBoundItIsAskedAtOnce() {
    ready();
    trip();
    breaker.transitionToHalfOpenState();
    well = true;
    bind();
    assertThat(phase()).isEqualTo(DOWN);
    assertThat(asked).isOne();
    pass(ofMillis(100));
    assertThat(phase()).isEqualTo(READY);
  }

  @Test
  void aPhaseThatBecomesReadyWhileItIsOpenIsDown() {
    bind();
    startup.start();
    trip();
    pass(ofSeconds(1));
    well = true;
    admit("patient", ofSeconds(30));
    startup.signal("database").ready();
    assertThat(phase()).isEqualTo(DOWN);
    assertThat(away()).isEqualTo(ofSeconds(3));
    pass(ofMillis(3_101));
    assertThat(phase()).isEqualTo(READY);
  }

  @Test
  void nobodyAsksForAPhaseThatIsNotReadyYetOrNeverWillBe() {
    bind();
    startup.start();
    trip();
    pass(ofSeconds(60));
    startup.signal("database").failed(new IOException("gone"));
    pass(ofSeconds(60));
    assertThat(asked).isZero();
    assertThat(time.pending()).isZero();
  }

  @Test
  void whatSomebodyElseSaysDoesNotOpenTheDoorWhileItIsOpen() {
    bind();
    ready();
    trip();
    startup.signal("database").regained();
    assertThat(phase()).isEqualTo(DOWN);
    assertThat(away()).isEqualTo(ofSeconds(4));
  }

  @Test
  void whatSomebodyElseLostIsNotBroughtBackByABreakerThatIsClosed() {
    bind();
    ready();
    startup.signal("database").lost(new IOException("cut"));
    call(true);
    assertThat(phase()).isEqualTo(DOWN);
  }

  @Test
  void aListenerThatThrowsHidesATransitionOnlyUntilTheNextCall() {
    breaker
        .getEventPublisher()
        .onEvent(event -> {
          if (event.getEventType().name().equals("STATE_TRANSITION")) {
            throw new IllegalStateException("not mine");
          }
        });
    bind();
    ready();
    trip();
    assertThat(phase()).isEqualTo(READY);
    call(true);
    assertThat(phase()).isEqualTo(DOWN);
    well = true;
    pass(ofSeconds(6));
    assertThat(breaker.getState()).isEqualTo(State.CLOSED);
    assertThat(phase()).isEqualTo(READY);
  }

  @Test
  void mistakesAreToldTogether() {
    assertThatThrownBy(() ->
            PhaseBreaker.bind(breaker)
                .to(startup, "databse")
                .every(Duration.ZERO)
                .timeout(ofSeconds(-1))
                .recoveringBy(() -> true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("breaker db: phase: databse (expected: one of [database])")
        .hasMessageContaining("every: PT0S (expected: >= PT0.001S")
        .hasMessageContaining("timeout: PT-1S (expected: >= PT0.001S");
    assertThatThrownBy(() -> PhaseBreaker.bind(breaker).recoveringBy(() -> true))
        .hasMessage("breaker db: to: nothing (expected: a startup and the name of a phase)");
  }
}
