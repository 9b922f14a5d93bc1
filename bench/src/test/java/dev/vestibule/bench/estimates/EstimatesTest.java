package dev.vestibule.bench.estimates;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The bars of {@code docs/estimates.md}, on fewer starts. */
class EstimatesTest {

  @ParameterizedTest
  @EnumSource(names = {"STEADY", "BIMODAL", "DRIFTING", "HEAVY_TAIL"})
  void keepsTheBars(Series series) {
    Bars bars = Bars.of(run(series, 7, 400));
    assertThat(bars.areKept()).as(series.title() + ": " + bars).isTrue();
  }

  @Test
  void theSameSeedGivesTheSameFigures() {
    assertThat(Bars.of(run(Series.BIMODAL, 3, 50))).isEqualTo(Bars.of(run(Series.BIMODAL, 3, 50)));
  }

  @Test
  void theBarsWouldNoticeAHistoryThatKnowsNothing() {
    Tally early = new Tally();
    new Simulation(Series.HEAVY_TAIL, 1).run(0, 2, early);
    assertThat(Bars.of(early).areKept()).isFalse();
  }

  private static Tally run(Series series, long seed, int starts) {
    Tally tally = new Tally();
    Simulation simulation = new Simulation(series, seed);
    simulation.run(0, EstimatesCommand.FIRST, new Tally());
    simulation.run(EstimatesCommand.FIRST, EstimatesCommand.FIRST + starts, tally);
    return tally;
  }
}
