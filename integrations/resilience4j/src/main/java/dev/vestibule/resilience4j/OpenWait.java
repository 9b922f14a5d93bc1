package dev.vestibule.resilience4j;

import dev.vestibule.Ticker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.StateTransition;
import io.github.resilience4j.circuitbreaker.event.CircuitBreakerEvent;
import io.github.resilience4j.circuitbreaker.event.CircuitBreakerOnErrorEvent;
import io.github.resilience4j.circuitbreaker.event.CircuitBreakerOnStateTransitionEvent;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Until when a breaker stays open, as far as that can be known from what it publishes: it tells
 * nobody. Safe for use by many threads.
 *
 * <p>How long an opening lasts is its configured interval for the so-manieth opening in a row, if
 * the breaker opened by itself: out of CLOSED right after it said that a threshold was exceeded, or
 * out of HALF_OPEN. Opened by hand, for a time given on the spot, or with an interval that is
 * random, it is unknown; so is everything after an event that does not follow the one before.
 */
final class OpenWait {

  // Beyond it nobody waits, and nanoseconds overflow.
  private static final long LONGEST_MILLIS = Duration.ofDays(365).toMillis();

  private final CircuitBreaker breaker;
  private final Ticker ticker;

  private volatile @Nullable Throwable lastError;
  // The rest is guarded by this.
  private @Nullable State last;
  private boolean exceeded;
  // Openings in a row, counted as the breaker counts them; 0 when that is not known.
  private int inARow;
  private long openings;
  private boolean known;
  private long until;

  OpenWait(CircuitBreaker breaker, Ticker ticker) {
    this.breaker = breaker;
    this.ticker = ticker;
  }

  /** For every call through the breaker, so without a lock for those that say nothing of it. */
  void heard(CircuitBreakerEvent event) {
    switch (event.getEventType()) {
      case FAILURE_RATE_EXCEEDED, SLOW_CALL_RATE_EXCEEDED -> exceeded();
      case ERROR -> lastError = ((CircuitBreakerOnErrorEvent) event).getThrowable();
      case STATE_TRANSITION ->
          moved(((CircuitBreakerOnStateTransitionEvent) event).getStateTransition());
      default -> {
        // Says nothing about time.
      }
    }
  }

  private synchronized void exceeded() {
    exceeded = true;
  }

  private synchronized void moved(StateTransition transition) {
    inARow = inARowAfter(transition);
    last = transition.getToState();
    exceeded = false;
    known = false;
    if (last == State.OPEN) {
      openings++;
      Duration lasts = inARow == 0 ? null : interval(inARow);
      if (lasts != null) {
        known = true;
        until = ticker.read() + lasts.toNanos();
      }
    } else if (last == State.CLOSED) {
      lastError = null;
    }
  }

  private int inARowAfter(StateTransition transition) {
    return switch (transition) {
      case CLOSED_TO_OPEN -> exceeded ? 1 : 0;
      case OPEN_TO_HALF_OPEN -> last == State.OPEN ? inARow : 0;
      case HALF_OPEN_TO_OPEN -> last == State.HALF_OPEN && inARow > 0 ? inARow + 1 : 0;
      default -> 0;
    };
  }

  /** Asked twice, because one that answers differently is random, and says nothing. */
  private @Nullable Duration interval(int opening) {
    try {
      var function = breaker.getCircuitBreakerConfig().getWaitIntervalFunctionInOpenState();
      Long once = function.apply(opening);
      boolean steady = once.equals(function.apply(opening));
      return steady ? Duration.ofMillis(Math.min(once, LONGEST_MILLIS)) : null;
    } catch (RuntimeException e) {
      return null;
    }
  }

  /** Which opening this is, to tell one from another. */
  synchronized long opening() {
    return openings;
  }

  /** The moment on the ticker before which it stays open; null when that is not known. */
  synchronized @Nullable Long until() {
    return known ? until : null;
  }

  /** What went wrong last since it was closed. */
  @Nullable Throwable lastError() {
    return lastError;
  }
}
