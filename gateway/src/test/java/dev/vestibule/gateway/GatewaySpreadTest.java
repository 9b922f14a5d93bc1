package dev.vestibule.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class GatewaySpreadTest {

  private static final Duration GRACE = Duration.ofSeconds(30);

  @Test
  void fewSessionsAreClosedAtOnce() {
    assertThat(Gateway.spread(0, GRACE)).isEqualTo(Duration.ZERO);
    assertThat(Gateway.spread(2, GRACE)).isEqualTo(Duration.ofMillis(20));
  }

  @Test
  void ofManyAHundredASecond() {
    assertThat(Gateway.spread(1_000, GRACE)).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void allWithinHalfOfTheGrace() {
    assertThat(Gateway.spread(19_000, GRACE)).isEqualTo(Duration.ofSeconds(15));
    assertThat(Gateway.spread(19_000, Duration.ZERO)).isEqualTo(Duration.ZERO);
  }
}
