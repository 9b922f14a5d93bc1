package dev.vestibule.resilience4j;

import static dev.vestibule.PhaseState.DOWN;
import static dev.vestibule.PhaseState.READY;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How the probe is asked through the breaker: one at a time, within its time, counted once. */
class ProbeTest extends BreakerScene {

  private final Deque<Runnable> threads = new ArrayDeque<>();
  private Runnable during = () -> {};

  // The breaker is told of what a probe throws, and the test would not hear of it.
  private @Nullable AssertionError wrong;

  @Override
  boolean probe() throws Exception {
    try {
      during.run();
    } catch (AssertionError e) {
      wrong = e;
      throw e;
    }
    return super.probe();
  }

  private void toTheFirstProbe() {
    ready();
    trip();
    pass(ofMillis(4_001));
    assertThat(threads).hasSize(1);
  }

  @AfterEach
  void nothingWasWrong() {
    assertThat(wrong).isNull();
  }

  @AfterEach
  void noInterruptIsLeft() {
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void oneAtATime() {
    bind(b -> b.executor(threads::add));
    toTheFirstProbe();
    well = true;
    during =
        () -> {
          pass(ofMillis(900));
          assertThat(threads).isEmpty();
        };
    threads.remove().run();
    assertThat(breaker.getMetrics().getNumberOfSuccessfulCalls()).isOne();
    pass(ofMillis(99));
    assertThat(threads).isEmpty();
    pass(ofMillis(1));
    assertThat(threads).hasSize(1);
    threads.remove().run();
    assertThat(phase()).isEqualTo(READY);
  }

  @Test
  void whoTakesTooLongIsInterruptedAndFails() {
    breaker(b -> b.permittedNumberOfCallsInHalfOpenState(1));
    bind(b -> b.executor(threads::add));
    toTheFirstProbe();
    well = true;
    during =
        () -> {
          pass(ofSeconds(1));
          assertThat(Thread.currentThread().isInterrupted()).isTrue();
          assertThat(breaker.getState()).isEqualTo(State.OPEN);
          assertThat(away()).isEqualTo(ofSeconds(4));
          // It goes on regardless, for longer than the breaker waits.
          pass(ofSeconds(8));
          assertThat(threads).isEmpty();
        };
    threads.remove().run();
    // It said yes at last, and nobody counts that.
    assertThat(breaker.getState()).isEqualTo(State.OPEN);
    during = () -> {};
    pass(ofMillis(100));
    assertThat(threads).hasSize(1);
    threads.remove().run();
    assertThat(phase()).isEqualTo(READY);
  }

  @Test
  void whoNeverEndsIsAbandonedAndAnotherIsAsked() {
    breaker(b -> b.permittedNumberOfCallsInHalfOpenState(1));
    bind(b -> b.executor(threads::add));
    toTheFirstProbe();
    well = true;
    during =
        () -> {
          pass(ofMillis(9_999));
          assertThat(threads).isEmpty();
          pass(ofMillis(1));
          assertThat(threads).hasSize(1);
          during = () -> {};
          threads.remove().run();
          assertThat(phase()).isEqualTo(READY);
        };
    threads.remove().run();
    // Its own answer is nobody's any more.
    assertThat(breaker.getState()).isEqualTo(State.CLOSED);
    assertThat(phase()).isEqualTo(READY);
    assertThat(time.pending()).isZero();
  }

  @Test
  void soManyAreAbandonedAndNoMore() {
    bind(b -> b.executor(threads::add));
    toTheFirstProbe();
    pass(ofMinutes(5));
    assertThat(threads).hasSize(4);
    // One ends, so the fourth is abandoned in its place.
    threads.remove().run();
    assertThat(threads).hasSize(4);
    pass(ofMinutes(5));
    assertThat(threads).hasSize(4);
  }

  @Test
  void whoIsNotEvenBegunInTimeIsNotCounted() {
    bind(b -> b.executor(threads::add));
    toTheFirstProbe();
    pass(ofSeconds(1));
    threads.remove().run();
    assertThat(asked).isZero();
    assertThat(breaker.getState()).isEqualTo(State.OPEN);
    pass(ofMillis(100));
    assertThat(threads).hasSize(1);
  }

  @Test
  void aNoThatTheBreakerWouldTakeForASuccessIsNoCall() {
    breaker(b -> b.permittedNumberOfCallsInHalfOpenState(1).recordExceptions(IOException.class));
    bind();
    ready();
    trip();
    during =
        () -> {
          throw new IllegalStateException("not recorded");
        };
    pass(ofMillis(4_301));
    assertThat(asked).isZero();
    assertThat(breaker.getState()).isEqualTo(State.HALF_OPEN);
    assertThat(phase()).isEqualTo(DOWN);
    during = () -> {};
    well = true;
    pass(ofMillis(100));
    assertThat(asked).isOne();
    assertThat(phase()).isEqualTo(READY);
  }

  @Test
  void aNoThatTheBreakerIgnoresIsNoCall() {
    breaker(
        b -> b.permittedNumberOfCallsInHalfOpenState(1).ignoreExceptions(TimeoutException.class));
    bind(b -> b.executor(threads::add));
    toTheFirstProbe();
    during = () -> pass(ofSeconds(1));
    threads.remove().run();
    assertThat(breaker.getState()).isEqualTo(State.HALF_OPEN);
    assertThat(breaker.tryAcquirePermission()).isTrue();
    breaker.releasePermission();
  }

  @Test
  void closedWhileItIsAskedItGivesItsPermissionBack() {
    breaker(b -> b.permittedNumberOfCallsInHalfOpenState(1));
    PhaseBreaker binding = bind(b -> b.executor(threads::add));
    toTheFirstProbe();
    well = true;
    during =
        () -> {
          binding.close();
          assertThat(Thread.currentThread().isInterrupted()).isTrue();
          assertThat(time.pending()).isZero();
        };
    threads.remove().run();
    assertThat(breaker.getState()).isEqualTo(State.HALF_OPEN);
    assertThat(breaker.tryAcquirePermission()).isTrue();
    assertThat(phase()).isEqualTo(DOWN);
    assertThat(time.pending()).isZero();
  }

  @Test
  void closedItFollowsNothingAnyMore() {
    PhaseBreaker binding = bind();
    ready();
    trip();
    binding.close();
    binding.close();
    assertThat(time.pending()).isZero();
    breaker.transitionToClosedState();
    assertThat(phase()).isEqualTo(DOWN);
    startup.signal("database").regained();
    trip();
    assertThat(phase()).isEqualTo(READY);
    assertThat(time.pending()).isZero();
  }

  @Test
  void theEndOfStartupIsTheEndOfIt() {
    bind();
    ready();
    trip();
    startup.close();
    assertThat(time.pending()).isZero();
    breaker.transitionToClosedState();
    breaker.transitionToOpenState();
    pass(ofSeconds(60));
    assertThat(asked).isZero();
    assertThat(phase()).isEqualTo(DOWN);
  }

  @Test
  void boundToAStartupThatIsOverItDoesNothing() {
    ready();
    startup.close();
    trip();
    bind();
    assertThat(phase()).isEqualTo(READY);
    assertThat(time.pending()).isZero();
  }

  @Test
  void aProbeThatCannotBeRunIsTriedAgain() {
    boolean[] full = {true};
    bind(b ->
        b.executor(task -> {
          if (full[0]) {
            throw new RejectedExecutionException("full");
          }
          task.run();
        }));
    ready();
    trip();
    well = true;
    pass(ofSeconds(5));
    assertThat(asked).isZero();
    full[0] = false;
    pass(ofMillis(1_200));
    assertThat(phase()).isEqualTo(READY);
  }
}
