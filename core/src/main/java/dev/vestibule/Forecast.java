package dev.vestibule;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What those who wait for a route may expect.
 *
 * @param downFor how long something that is away will stay away at least, as whoever lost it said
 * @param isBounded whether all that is away is expected back at some time that is still to come
 * @param estimate what past starts say of the time that remains; null when they say nothing
 */
record Forecast(Duration downFor, boolean isBounded, @Nullable Estimate estimate) {

  static final Forecast UNKNOWN = new Forecast(Duration.ZERO, true, null);

  // Fewer starts say too little to turn anybody away.
  private static final int ENOUGH_STARTS = 5;

  /** What is to be expected of these phases, which a route needs and lacks. */
  static Forecast of(
      StartupSnapshot startup, Duration sinceStart, Set<String> lacking, Estimator estimator) {
    Duration downFor = Duration.ZERO;
    boolean bounded = true;
    for (PhaseSnapshot phase : startup.phases()) {
      if (phase.state() == PhaseState.DOWN && lacking.contains(phase.name())) {
        Duration back = phase.backAt();
        bounded &= back != null && back.compareTo(sinceStart) > 0;
        downFor = back == null ? downFor : longer(downFor, back.minus(sinceStart));
      }
    }
    return new Forecast(downFor, bounded, estimator.remaining(startup, lacking));
  }

  /** Whether holding somebody for no longer than this is in vain, in nine cases of ten. */
  boolean isBeyond(Duration budget) {
    return downFor.compareTo(budget) > 0
        || (estimate != null
            && estimate.starts() >= ENOUGH_STARTS
            && estimate.p10().compareTo(budget) > 0);
  }

  /** When it is worth coming back: p95, or as much of it as is known; null when nothing is. */
  @Nullable Duration worthComingBackAfter() {
    Duration longest = estimate == null ? downFor : longer(estimate.p95(), downFor);
    return estimate == null && downFor.isZero() ? null : longest;
  }

  /** Both together; null when not everything is known. */
  @Nullable Estimate whole() {
    Estimate known = estimate;
    if (!isBounded || (known == null && downFor.isZero())) {
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

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }
}
