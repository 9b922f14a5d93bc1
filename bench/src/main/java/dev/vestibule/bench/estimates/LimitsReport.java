package dev.vestibule.bench.estimates;

import dev.vestibule.environment.Environment;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * The table of {@link Limits}: startups by environments.
 *
 * @param firstSeed the first of the seeds
 * @param seeds series of each kind, each with its seed
 * @param starts in each series
 */
record LimitsReport(long firstSeed, int seeds, int starts) {

  /** What is short against every cap, so that a limit is learned of most phases. */
  private static final double FAST = 0.25;

  /** Prints it, and says whether every bar is kept. */
  boolean print(PrintWriter out) {
    out.printf("Healthy starts failed by a learned limit, of those that had one%n");
    out.printf("%-17s", "");
    for (Environment environment : Environment.values()) {
      out.printf(" %18s", environment.key());
    }
    out.println();
    boolean kept = true;
    for (Healthy healthy : Healthy.values()) {
      kept &= row(out, healthy, false);
      kept &= row(out, healthy, true);
    }
    return kept;
  }

  private boolean row(PrintWriter out, Healthy healthy, boolean fast) {
    boolean kept = true;
    out.printf("%-17s", healthy.title() + (fast ? ", fast" : ""));
    for (Environment environment : Environment.values()) {
      Limits limits = limits(healthy, environment, fast ? FAST : environment.multiplier());
      String share = String.format(Locale.ROOT, "%.3f %%", 100 * limits.failedShare());
      out.printf(
          " %18s",
          limits.limited() == 0 ? "-" : String.format("%s of %5d", share, limits.limited()));
      kept &= healthy == Healthy.HEAVY_TAIL || limits.isKept();
    }
    out.println();
    return kept;
  }

  private Limits limits(Healthy healthy, Environment environment, double scale) {
    Limits limits = Limits.NONE;
    for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
      limits = limits.plus(Limits.of(healthy, environment, scale, seed, starts));
    }
    return limits;
  }
}
