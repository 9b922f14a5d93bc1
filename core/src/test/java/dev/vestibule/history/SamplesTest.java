package dev.vestibule.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SamplesTest {

  /** The example of Kaplan's and Meier's paper: S = 0.875, 0.7, 0.525, 0.2625. */
  @Test
  void lowerBoundsWeighOnWhatLiesBeyondThem() {
    Samples samples = new Samples(8);
    samples.add(80, true, 1);
    samples.add(100, false, 1);
    samples.add(270, false, 1);
    samples.add(310, true, 1);
    samples.add(540, true, 1);
    samples.add(700, false, 1);
    samples.add(920, true, 1);
    samples.add(1210, false, 1);
    samples.sort();
    assertThat(samples.quantile(0.125)).isEqualTo(80);
    assertThat(samples.quantile(0.126)).isEqualTo(310);
    assertThat(samples.quantile(0.3)).isEqualTo(310);
    assertThat(samples.quantile(0.475)).isEqualTo(540);
    assertThat(samples.quantile(0.476)).isEqualTo(920);
    assertThat(samples.quantile(0.7375)).isEqualTo(920);
    assertThat(samples.quantile(0.738)).as("the longest was cut short").isEqualTo(-1);
    assertThat(samples.complete()).isEqualTo(4);
    assertThat(samples.greatest()).isEqualTo(1210);
  }

  /** Efron: 100 gives its fifth to each of the other four, 300 its two fifths to the last two. */
  @Test
  void theShareOfALowerBoundGoesToTheRight() {
    Samples samples = new Samples(5);
    samples.add(200, true, 1);
    samples.add(400, true, 1);
    samples.add(100, false, 1);
    samples.add(300, false, 1);
    samples.add(500, true, 1);
    samples.sort();
    assertThat(samples.quantile(0.25)).isEqualTo(200);
    assertThat(samples.quantile(0.251)).isEqualTo(400);
    assertThat(samples.quantile(0.625)).isEqualTo(400);
    assertThat(samples.quantile(0.626)).isEqualTo(500);
  }

  @Test
  void aTimeComesBeforeALowerBoundThatIsAsLong() {
    Samples samples = new Samples(2);
    samples.add(100, false, 1);
    samples.add(100, true, 1);
    assertThat(samples.sort().quantile(0.5)).isEqualTo(100);
  }

  @Test
  void theNextOneNeedsNineteenToBeBoundedByTheLongest() {
    assertThat(upTo(18).nextAtMost(0.95)).isEqualTo(-1);
    assertThat(upTo(19).nextAtMost(0.95)).isEqualTo(19);
    assertThat(upTo(38).nextAtMost(0.95)).isEqualTo(38);
    assertThat(upTo(39).nextAtMost(0.95)).as("rank 38 of 40").isEqualTo(38);
    assertThat(upTo(50).nextAtMost(0.95)).as("rank 48.45 of 51").isEqualTo(49);
  }

  @Test
  void theNextOneNeedsNineToBeBoundedByTheShortest() {
    assertThat(upTo(5).nextAtLeast(0.9)).as("for want of more").isEqualTo(1);
    assertThat(upTo(9).nextAtLeast(0.9)).isEqualTo(1);
    assertThat(upTo(19).nextAtLeast(0.9)).isEqualTo(2);
    assertThat(upTo(50).nextAtLeast(0.9)).as("rank 5.1 of 51").isEqualTo(5);
  }

  @Test
  void whatIsOldCountsLess() {
    Samples samples = new Samples(30);
    for (int i = 1; i <= 25; i++) {
      samples.add(i, true, 1);
    }
    for (int i = 26; i <= 30; i++) {
      samples.add(i, true, 0.01);
    }
    samples.sort();
    assertThat(samples.quantile(0.5)).isEqualTo(13);
    assertThat(samples.nextAtMost(0.95)).as("24.75 of 25.05 + 1").isEqualTo(25);
  }

  @Test
  void nothingButLowerBoundsSaysNothing() {
    Samples samples = new Samples(2);
    samples.add(5, false, 1);
    samples.add(7, false, 1);
    samples.sort();
    assertThat(samples.quantile(0.1)).isEqualTo(-1);
    assertThat(samples.middle()).isEqualTo(7);
    assertThat(new Samples(0).sort().greatest()).isZero();
  }

  /** ln 2 and ln 4 above 100, and 0.4 for two that are guessed: four in 3 ln 2 + 0.4. */
  @Test
  void theTailIsThatOfTheLongestTenth() {
    Samples samples = new Samples(20);
    for (int i = 0; i < 18; i++) {
      samples.add(100, true, 1);
    }
    samples.add(200, true, 1);
    samples.add(400, true, 1);
    Tail tail = Tail.of(samples.sort());
    assertThat(tail.exponent()).isEqualTo(4 / (3 * Math.log(2) + 0.4), within(1e-9));
    assertThat(tail.longest()).isEqualTo(400);
  }

  @Test
  void whereNothingIsLeftTheLawSpeaks() {
    // One in 20 takes 20^(1/2) times as long as this already has.
    assertThat(new Tail(2, 100_000).next(new Samples(0).sort(), 1_000, 0.95)).isEqualTo(3_472);
    assertThat(new Tail(2, 100_000).next(new Samples(0).sort(), 1_000, 0.50)).isEqualTo(414);
  }

  @Test
  void whereLittleIsLeftTheLawBeginsInTheMiddle() {
    // Half exceed 1000 + 500; a tenth of these 10^(1/2) times that.
    Samples samples = new Samples(3);
    samples.add(400, true, 1);
    samples.add(500, true, 1);
    samples.add(600, true, 1);
    assertThat(new Tail(2, 100_000).next(samples.sort(), 1_000, 0.95)).isEqualTo(3_743);
    assertThat(new Tail(1_000, 100_000).next(samples, 1_000, 0.95))
        .as("no less than known")
        .isEqualTo(600);
  }

  @Test
  void noGuessIsLongerThanThriceTheLongestKnown() {
    Tail tail = new Tail(0.5, 2_000);
    assertThat(tail.next(new Samples(0).sort(), 1_000, 0.95)).isEqualTo(6_000);
    assertThat(tail.next(new Samples(0).sort(), 100_000, 0.95)).isEqualTo(6_000);
    Samples longer = new Samples(1);
    longer.add(7_000, false, 1);
    assertThat(tail.next(longer.sort(), 1_000, 0.95)).as("known to take longer").isEqualTo(7_000);
  }

  private static Samples upTo(int count) {
    Samples samples = new Samples(count);
    for (int i = count; i >= 1; i--) {
      samples.add(i, true, 1);
    }
    return samples.sort();
  }
}
