package dev.vestibule.bench.estimates;

import java.util.Locale;

/**
 * What {@code docs/estimates.md} asks of estimates.
 *
 * @param covered share of clients whose route opened within p95; at least 95 %
 * @param wrongly share of clients that could have been served and were refused as TOO_LONG; at most
 *     1 %
 * @param back share of refused clients that were admitted at once when they came back; at least 95
 *     %
 */
record Bars(double covered, double wrongly, double back) {

  static Bars of(Tally tally) {
    return new Bars(tally.coveredShare(), tally.wronglyShare(), tally.backInTimeShare());
  }

  boolean areKept() {
    return covered >= 0.95 && wrongly <= 0.01 && back >= 0.95;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "covered %.2f %% (expected: >= 95), wrongly refused %.2f %% (<= 1), back in time %.2f %%"
            + " (>= 95)",
        100 * covered,
        100 * wrongly,
        100 * back);
  }
}
