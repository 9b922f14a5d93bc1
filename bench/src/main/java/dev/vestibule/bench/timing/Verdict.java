package dev.vestibule.bench.timing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the experiment must show. Each expectation is one line, kept or not. */
record Verdict(List<Line> lines) {

  record Line(boolean kept, String text) {}

  /** The original's fix: a spread of 3 ms where the backoff had 2.8 s. */
  private static final double MOST_SPREAD_MS = 200;

  private static final double LEAST_INTERVAL_MS = 90;
  private static final double MOST_INTERVAL_MS = 110;

  /** How far a signal's 99th percentile may lie from that of a server with no gate. */
  private static final double MOST_ABOVE_FLOOR_MS = 5;

  static Verdict of(Summary fixedInPhase, Summary fixedIntervals, Summary signal, Summary floor) {
    List<Line> lines = new ArrayList<>();
    add(
        lines,
        fixedInPhase.spread() < MOST_SPREAD_MS,
        "fixed, in phase: connect times spread over %.1f ms (expected: < %.0f)",
        fixedInPhase.spread(),
        MOST_SPREAD_MS);
    add(
        lines,
        fixedIntervals.mean() >= LEAST_INTERVAL_MS && fixedIntervals.mean() <= MOST_INTERVAL_MS,
        "fixed, in phase: a poll every %.1f ms on average (expected: %.0f to %.0f)",
        fixedIntervals.mean(),
        LEAST_INTERVAL_MS,
        MOST_INTERVAL_MS);
    double above = signal.p99() - floor.p99();
    add(
        lines,
        above <= MOST_ABOVE_FLOOR_MS,
        "signal, at random: p99 %.1f ms after readiness, no gate: %.1f ms; difference %+.1f ms"
            + " (expected: <= %.0f)",
        signal.p99(),
        floor.p99(),
        above,
        MOST_ABOVE_FLOOR_MS);
    return new Verdict(lines);
  }

  private static void add(List<Line> lines, boolean kept, String format, Object... values) {
    lines.add(new Line(kept, String.format(Locale.ROOT, format, values)));
  }

  boolean isKept() {
    return lines.stream().allMatch(Line::kept);
  }
}
