package dev.vestibule.gateway.cli;

import java.time.Duration;
import java.util.Locale;

/** Durations for a person. */
final class Spans {

  private Spans() {}

  /** For example {@code 0.8 ms}, {@code 83 ms}, {@code 2.9 s}, {@code 12 min}. */
  static String text(Duration duration) {
    double millis = duration.toNanos() / 1e6;
    if (millis < 10) {
      return String.format(Locale.ROOT, "%.1f ms", millis);
    }
    if (millis < 1_000) {
      return String.format(Locale.ROOT, "%.0f ms", millis);
    }
    return millis < 120_000
        ? String.format(Locale.ROOT, "%.1f s", millis / 1e3)
        : String.format(Locale.ROOT, "%.0f min", millis / 60_000);
  }
}
