package dev.vestibule;

import static java.lang.System.Logger.Level.INFO;

import java.time.Duration;

/** The one line with which every wait ends, whoever waited and however it learned. */
final class WaitLog {

  private static final System.Logger LOG = System.getLogger("dev.vestibule.wait");

  private WaitLog() {}

  static void ended(
      ReadinessStrategy strategy, String phase, String outcome, Duration elapsed, long polls) {
    if (!LOG.isLoggable(INFO)) {
      return;
    }
    boolean well = outcome.equals("ready") || outcome.equals("admitted");
    LOG.log(
        INFO,
        "{0} {1}: strategy={2} phase={3} outcome={4} elapsed={5} polls={6}",
        strategy.title(),
        well ? "completed successfully" : "ended",
        strategy.name(),
        phase,
        outcome,
        Text.seconds(elapsed),
        Long.toString(polls));
  }
}
