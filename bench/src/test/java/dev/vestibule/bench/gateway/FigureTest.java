package dev.vestibule.bench.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FigureTest {

  @Test
  void theRatioIsTheMedianOfTheRoundsRatiosToTheBestOfEachRound() {
    Figure figure = Figure.less("cpu", "CPU", Figure.Bar.ratio(1));
    add(figure, Figure.BARE, 1, 1, 1);
    add(figure, OurGateway.NAME, 20, 30, 10);
    add(figure, "HAProxy", 10, 60, 40);
    add(figure, "nginx", 40, 30, 20);

    // 20/10, 30/30, 10/20; what has no proxy is no peer.
    assertThat(figure.ratio()).hasValue(1.0);
    assertThat(figure.met()).isTrue();
  }

  @Test
  void whereMoreIsBetterTheBestIsTheMost() {
    Figure figure = Figure.more("rate", "a second", Figure.Bar.ratio(1));
    add(figure, OurGateway.NAME, 50);
    add(figure, "HAProxy", 40);
    add(figure, "nginx", 100);

    assertThat(figure.ratio()).hasValue(0.5);
    assertThat(figure.met()).isFalse();
  }

  @Test
  void aPercentileIsTheNearestRankOfAllClients() {
    Figure figure = Figure.percentile("ready", "ready", 0.99, Figure.Bar.value(10));
    for (int i = 1; i <= 200; i++) {
      figure.add(OurGateway.NAME, i);
      figure.add("Caddy", 2 * i);
    }

    assertThat(figure.value(OurGateway.NAME)).hasValue(198);
    assertThat(figure.ratio()).hasValue(0.5);
    assertThat(figure.met()).isFalse();
  }

  @Test
  void aBarIsNeitherMetNorMissedWhereNothingWasMeasured() {
    Figure figure = Figure.less("start", "start", Figure.Bar.value(130));
    add(figure, "nginx", 8);

    assertThat(figure.met()).isNull();
    assertThat(Report.table(List.of(figure), List.of("nginx"))).doesNotContain("MISSED");
  }

  private static void add(Figure figure, String program, double... rounds) {
    for (double round : rounds) {
      figure.add(program, round);
    }
  }
}
