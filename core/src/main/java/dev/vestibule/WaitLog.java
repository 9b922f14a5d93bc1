package dev.vestibule;

import static java.lang.System.Logger.Level.INFO;

import java.time.Duration;
import java.util.Locale;

/** The one line with which every wait ends, whoever waited and however it learned. */
final class WaitLog {

  private static final System.Logger LOG = System.getLogger("dev.vestibule.wait");

  private WaitLog() {}

  /** A phase was waited for. */
  static void ended(
      ReadinessStrategy strategy, String phase, String outcome, Duration elapsed, long polls) {
    log(strategy, phase, outcome, elapsed, polls, "");
  }

  /** An arrival waited, within a limit. */
  static void ended(
      ReadinessStrategy strategy,
      String phase,
      String outcome,
      Duration elapsed,
      long polls,
      Bound bound,
      Duration limit) {
    if (LOG.isLoggable(INFO)) {
      String within =
          " bound=%s limit=%s"
              .formatted(bound.name().toLowerCase(Locale.ROOT), Text.seconds(limit));
      log(strategy, phase, outcome, elapsed, polls, within);
    }
  }

  private static void log(
      ReadinessStrategy strategy,
      String phase,
      String outcome,
      Duration elapsed,
      long polls,
      String within) {
    if (!LOG.isLoggable(INFO)) {
      return;
    }
    boolean well = outcome.equals("ready") || outcome.equals("admitted");
    LOG.log(
        INFO,
        "{0} {1}: strategy={2} phase={3} outcome={4} elapsed={5} polls={6}{7}",
        strategy.title(),
        well ? "completed successfully" : "ended",
        strategy.name(),
        phase,
        outcome,
        Text.seconds(elapsed),
        Long.toString(polls),
        within);
  }
}
