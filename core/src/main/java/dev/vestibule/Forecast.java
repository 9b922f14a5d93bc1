package dev.vestibule;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What those who wait for a route may expect.
 *
 * @param downFor how long something that is away will stay away at least, as whoever lost it said
 * @param isComplete whether something is known of everything that the route lacks
 * @param estimate what past starts say of what is still to become ready; null when they say nothing
 */
record Forecast(Duration downFor, boolean isComplete, @Nullable Estimate estimate) {

  static final Forecast UNKNOWN = new Forecast(Duration.ZERO, false, null);

  // Fewer starts say too little to turn anybody away, now or for long.
  private static final int ENOUGH_STARTS = 5;
  // A guess at the tail must not send anybody away for an hour, nor one start for minutes. To say
  // nothing instead would let most of those who wait for a long start come back too early.
  private static final Duration LONGEST_GUESS = Duration.ofMinutes(5);
  private static final Duration LONGEST_UNFOUNDED = Duration.ofMinutes(1);

  /** What is to be expected of these phases, which a route needs and lacks. */
  static Forecast of(StartupSnapshot startup, Set<String> lacking, Estimator estimator) {
    Duration downFor = Duration.ZERO;
    boolean complete = true;
    Set<String> running = new LinkedHashSet<>();
    for (PhaseSnapshot phase : startup.phases()) {
      if (!lacking.contains(phase.name())) {
        continue;
      }
      if (phase.state() != PhaseState.DOWN) {
        running.add(phase.name());
        continue;
      }
      Duration back = phase.backAt();
      complete &= back != null && back.compareTo(startup.elapsed()) > 0;
      downFor = back == null ? downFor : longer(downFor, back.minus(startup.elapsed()));
    }
    Estimate estimate = running.isEmpty() ? null : estimator.remaining(startup, running);
    return new Forecast(downFor, complete && (running.isEmpty() || estimate != null), estimate);
  }

  /** Whether holding somebody for no longer than this is in vain, in nine cases of ten. */
  boolean isBeyond(Duration budget) {
    Estimate founded = founded();
    return downFor.compareTo(budget) > 0
        || (founded != null && founded.p10().compareTo(budget) > 0);
  }

  /** When it is worth coming back: p95, or as much of it as is known; null when nothing is. */
  @Nullable Duration worthComingBackAfter() {
    if (estimate == null) {
      return downFor.isZero() ? null : downFor;
    }
    Duration most = founded() == null ? LONGEST_UNFOUNDED : LONGEST_GUESS;
    return longer(shorter(estimate.p95(), most), downFor);
  }

  /** Both together; null when not everything is known. */
  @Nullable Estimate whole() {
    Estimate known = estimate;
    if (!isComplete) {
      return null;
    }
    return known == null
        ? new Estimate(downFor, downFor, downFor, 0)
        : new Estimate(
            longer(known.p10(), downFor),
            longer(known.p50(), downFor),
            longer(known.p95(), downFor),
            known.starts());
  }

  private @Nullable Estimate founded() {
    return estimate != null && estimate.starts() >= ENOUGH_STARTS ? estimate : null;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
