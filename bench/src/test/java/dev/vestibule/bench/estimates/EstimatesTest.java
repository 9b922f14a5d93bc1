package dev.vestibule.bench.estimates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Estimate;
import dev.vestibule.Estimator;
import dev.vestibule.environment.Environment;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The bars of {@code docs/estimates.md}, on fewer starts. */
class EstimatesTest {

  private static final Logger LOG = Logger.getLogger("dev.vestibule");

  @BeforeAll
  static void saysNothingOfThousandsOfStarts() {
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void saysAsMuchAsBefore() {
    LOG.setLevel(null);
  }

  @ParameterizedTest
  @EnumSource(names = {"STEADY", "BIMODAL", "DRIFTING", "HEAVY_TAIL"})
  void keepsTheBars(Series series) {
    Bars bars = bars(series, 7, 400, history -> history);
    assertThat(bars.areKept()).as(series.title() + ": " + bars).isTrue();
  }

  @Test
  void theSameSeedGivesTheSameFigures() {
    assertThat(bars(Series.BIMODAL, 3, 50, history -> history))
        .isEqualTo(bars(Series.BIMODAL, 3, 50, history -> history));
  }

  /** A gate that hears it holds everybody, and sends those who waited in vain away for a second. */
  @Test
  void theBarsNoticeWhatIsTooShort() {
    Bars bars = bars(Series.BIMODAL, 1, 100, history -> always(0, 0, 0.001));
    assertThat(bars.covered()).isBetween(0.0, 0.1);
    assertThat(bars.coveredIsKept()).isFalse();
    assertThat(bars.back()).isBetween(0.0, 0.9);
    assertThat(bars.backIsKept()).isFalse();
  }

  /** A gate that hears it turns everybody away, and for long. */
  @Test
  void theBarsNoticeWhatIsTooLong() {
    Bars bars = bars(Series.STEADY, 1, 100, history -> always(60, 60, 100));
    assertThat(bars.wrongly()).isEqualTo(1);
    assertThat(bars.wronglyIsKept()).isFalse();
    assertThat(bars.mostlyLate()).isGreaterThan(90);
    assertThat(bars.lateIsKept()).isFalse();
  }

  /** Who is told nothing comes back too early as often as not. */
  @Test
  void theBarsNoticeAHistoryThatKnowsNothing() {
    Bars bars = bars(Series.HEAVY_TAIL, 1, 100, history -> (now, phases) -> null);
    assertThat(bars.covered()).as("of no estimates").isNaN();
    assertThat(bars.coveredIsKept()).isFalse();
    assertThat(bars.back()).isBetween(0.0, 0.9);
    assertThat(bars.backIsKept()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"NARROW", "BROAD", "BIMODAL"})
  void learnedLimitsFailNoHealthyStart(Healthy healthy) {
    for (Environment environment : Environment.values()) {
      Limits limits = Limits.NONE;
      for (long seed = 1; seed <= 10; seed++) {
        limits = limits.plus(Limits.of(healthy, environment, environment.multiplier(), seed, 119));
      }
      assertThat(limits.limited()).as("of 1000 in " + environment.key()).isGreaterThan(500);
      assertThat(limits.isKept()).as(environment.key() + ": " + limits).isTrue();
    }
  }

  private static Estimator always(double p10, double p50, double p95) {
    Estimate estimate = new Estimate(seconds(p10), seconds(p50), seconds(p95), 50);
    return (now, phases) -> estimate;
  }

  private static Duration seconds(double seconds) {
    return Duration.ofNanos((long) (seconds * 1e9));
  }

  private static Bars bars(Series series, long seed, int starts, UnaryOperator<Estimator> told) {
    Tally tally = new Tally();
    Simulation simulation = new Simulation(series, seed, told);
    simulation.run(0, EstimatesCommand.FIRST, new Tally());
    simulation.run(EstimatesCommand.FIRST, EstimatesCommand.FIRST + starts, tally);
    return Bars.of(series, tally);
  }
}
