package dev.vestibule.bench.estimates;

import java.util.Locale;

/**
 * What {@code docs/estimates.md} asks of estimates. A share of nothing is NaN, and no bar is kept
 * by that.
 *
 * @param covered share of clients whose route opened within p95; at least 95 %
 * @param wrongly share of clients that could have been served and were refused as TOO_LONG; at most
 *     1 %
 * @param back share of refused clients that were admitted at once when they came back; at least 95
 *     %
 * @param mostlyLate how long after opening 95 in 100 of these came back at most, in seconds; at
 *     most what the series allows
 * @param mostLate how long after opening all of these came back at most, in seconds; at most twice
 *     that
 * @param late what the series allows, in seconds
 */
record Bars(
    double covered, double wrongly, double back, double mostlyLate, double mostLate, double late) {

  static Bars of(Series series, Tally tally) {
    return new Bars(
        tally.coveredShare(),
        tally.wronglyShare(),
        tally.backInTimeShare(),
        tally.mostlyLate(),
        tally.mostLate(),
        series.late());
  }

  boolean areKept() {
    return coveredIsKept() && wronglyIsKept() && backIsKept() && lateIsKept();
  }

  boolean coveredIsKept() {
    return covered >= 0.95;
  }

  boolean wronglyIsKept() {
    return wrongly <= 0.01;
  }

  boolean backIsKept() {
    return back >= 0.95;
  }

  boolean lateIsKept() {
    return mostlyLate <= late && mostLate <= 2 * late;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "covered %.2f %% (>= 95), wrongly refused %.2f %% (<= 1), back in time %.2f %% (>= 95),"
            + " late p95 %.1f s (<= %.0f), max %.1f s (<= %.0f)",
        100 * covered,
        100 * wrongly,
        100 * back,
        mostlyLate,
        late,
        mostLate,
        2 * late);
  }
}
