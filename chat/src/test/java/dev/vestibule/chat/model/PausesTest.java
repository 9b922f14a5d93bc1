package dev.vestibule.chat.model;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PausesTest {

  private static Pauses pauses(double next) {
    return new Pauses(
        new RandomGenerator() {
          @Override
          public long nextLong() {
            throw new UnsupportedOperationException("only nextDouble is expected");
          }

          @Override
          public double nextDouble() {
            return next;
          }
        });
  }

  @Test
  void theyDoubleAndAreNoShorterWhateverIsAskedFor() {
    assertThat(pauses(0).after(1, null)).isEqualTo(ofMillis(500));
    assertThat(pauses(0).after(2, null)).isEqualTo(ofSeconds(1));
    assertThat(pauses(0).after(1, ofSeconds(0))).isEqualTo(ofMillis(500));
    assertThat(pauses(0).after(2, ofMillis(600))).isEqualTo(ofSeconds(1));
    assertThat(pauses(0).after(2, ofSeconds(7))).isEqualTo(ofSeconds(7));
  }

  @Test
  void theyAreStretchedByUpToAQuarter() {
    assertThat(pauses(0.8).after(1, null)).isEqualTo(ofMillis(600));
    assertThat(pauses(0.5).after(1, ofSeconds(8))).isEqualTo(ofSeconds(9));
  }
}
