package dev.vestibule.bench.timing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SummaryTest {

  @Test
  void percentilesAreTheNearestRank() {
    Summary summary =
        Summary.of(LongStream.rangeClosed(1, 200).map(ms -> ms * 1_000_000).boxed().toList());
    assertThat(summary.min()).isEqualTo(1);
    assertThat(summary.p1()).isEqualTo(2);
    assertThat(summary.p50()).isEqualTo(100);
    assertThat(summary.p99()).isEqualTo(198);
    assertThat(summary.max()).isEqualTo(200);
    assertThat(summary.mean()).isEqualTo(100.5);
    assertThat(summary.spread()).isEqualTo(199);
    assertThat(summary.p99MinusP1()).isEqualTo(196);
  }

  @Test
  void oneSampleIsEveryPercentile() {
    Summary summary = Summary.of(List.of(5_000_000L));
    assertThat(List.of(summary.min(), summary.p1(), summary.p99(), summary.max()))
        .containsOnly(5.0);
  }

  @Test
  void nothingHasNoSummary() {
    assertThatIllegalArgumentException().isThrownBy(() -> Summary.of(List.of()));
  }
}
