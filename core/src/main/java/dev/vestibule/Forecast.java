package dev.vestibule;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What those who wait for a route may expect.
 *
 * @param downFor how long something that is away will stay away at least, as whoever lost it said
 * @param estimate what past starts say of the time that remains; null when they say nothing
 */
record Forecast(Duration downFor, @Nullable Estimate estimate) {

  static final Forecast UNKNOWN = new Forecast(Duration.ZERO, null);

  // Fewer starts say too little to turn anybody away.
  private static final int ENOUGH_STARTS = 5;

  static Forecast of(
      StartupSnapshot startup, Duration sinceStart, Set<String> phases, Estimator estimator) {
    Duration downFor = Duration.ZERO;
    for (PhaseSnapshot phase : startup.phases()) {
      if (phase.state() == PhaseState.DOWN && phases.contains(phase.name())) {
        Duration back = phase.backAt();
        if (back == null) {
          return UNKNOWN;
        }
        downFor = longer(downFor, back.minus(sinceStart));
      }
    }
    return new Forecast(downFor, estimator.remaining(startup, phases));
  }

  /** Whether holding somebody for no longer than this is in vain, in nine cases of ten. */
  boolean isBeyond(Duration budget) {
    return downFor.compareTo(budget) > 0
        || (estimate != null
            && estimate.starts() >= ENOUGH_STARTS
            && estimate.p10().compareTo(budget) > 0);
  }

  /** Within which it will be over in all but one case of twenty; null when that is not known. */
  @Nullable Duration likelyWithin() {
    Estimate whole = whole();
    return whole == null ? null : whole.p95();
  }

  /** Both together; null when nothing is known. */
  @Nullable Estimate whole() {
    Estimate known = estimate;
    if (known == null) {
      return downFor.isZero() ? null : new Estimate(downFor, downFor, downFor, 0);
    }
    return new Estimate(
        longer(known.p10(), downFor),
        longer(known.p50(), downFor),
        longer(known.p95(), downFor),
        known.starts());
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }
}
