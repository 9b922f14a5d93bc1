package dev.vestibule.environment;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PresetsTest {

  @Test
  void productionOnAPlainMachineUnlessSomebodySaysOtherwise() {
    assertThat(Presets.of(Map.of()))
        .isEqualTo(new Presets(Environment.PRODUCTION, Platform.PLAIN))
        .isEqualTo(Presets.of(Map.of("VESTIBULE_ENVIRONMENT", " ", "K_SERVICE", "")));
    assertThat(Presets.of(Map.of("VESTIBULE_ENVIRONMENT", " Staging ", "K_SERVICE", "chat")))
        .isEqualTo(new Presets(Environment.STAGING, Platform.CLOUD_RUN));
    assertThat(Platform.of(Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1")))
        .isEqualTo(Platform.KUBERNETES);
    assertThat(Platform.of(Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1", "K_SERVICE", "chat")))
        .isEqualTo(Platform.CLOUD_RUN);
  }

  @Test
  void anUnknownEnvironmentIsNamedWithTheChoices() {
    assertThatThrownBy(() -> Presets.of(Map.of("VESTIBULE_ENVIRONMENT", "prod")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "vestibule.environment: prod (expected: one of production, staging, development, test,"
                + " local)");
  }

  /** Base x multiplier x margin, at most the cap, at least the floor; worked out by hand. */
  @ParameterizedTest
  @CsvSource({
    "PRODUCTION,  PLAIN,     database, 3600",
    "PRODUCTION,  PLAIN,     cache,    1800",
    "PRODUCTION,  PLAIN,     services, 8000",
    "STAGING,     PLAIN,     database, 2310",
    "STAGING,     PLAIN,     cache,    1155",
    "STAGING,     PLAIN,     services, 5000",
    "DEVELOPMENT, KUBERNETES, database, 900",
    "DEVELOPMENT, PLAIN,     cache,     450",
    "DEVELOPMENT, PLAIN,     services, 2400",
    "TEST,        PLAIN,     services, 2000",
    "LOCAL,       PLAIN,     services, 2000",
    "LOCAL,       CLOUD_RUN, cache,     500",
    "PRODUCTION,  CLOUD_RUN, services, 8000",
    "STAGING,     CLOUD_RUN, services, 8000",
    "TEST,        CLOUD_RUN, services, 8000",
  })
  void aPhaseOfTheOriginalGetsItsLimit(
      Environment environment, Platform platform, String phase, long millis) {
    Presets presets = new Presets(environment, platform);
    assertThat(presets.timeout(phase)).isEqualTo(ofMillis(millis));
    assertThat(presets.timeouts().of(phase, List.of())).isEqualTo(ofMillis(millis));
  }

  @Test
  void aPhaseOfWhichNothingIsKnownHasNoLimit() {
    assertThat(new Presets(Environment.TEST, Platform.CLOUD_RUN).timeout("application")).isNull();
  }

  @ParameterizedTest
  @EnumSource(Environment.class)
  void whatWasMeasuredIsHeldWithinFloorAndCap(Environment environment) {
    for (Platform platform : Platform.values()) {
      TimeoutBounds bounds = new Presets(environment, platform).bounds("model");
      Duration floor = platform == Platform.CLOUD_RUN ? ofMillis(500) : ofMillis(300);
      assertThat(bounds)
          .isEqualTo(new TimeoutBounds(environment.margin(), floor, environment.cap()));
      assertThat(bounds.timeoutFor(Duration.ZERO)).isEqualTo(floor);
      assertThat(bounds.timeoutFor(ofSeconds(1)))
          .isEqualTo(ofMillis(Math.round(1000 * environment.margin())));
      assertThat(bounds.timeoutFor(ofSeconds(60))).isEqualTo(environment.cap());
      assertThat(bounds.timeoutFor(Duration.ofSeconds(Long.MAX_VALUE)))
          .isEqualTo(environment.cap());
    }
  }

  @Test
  void boundsThatContradictThemselvesAreNamed() {
    assertThatThrownBy(() -> new TimeoutBounds(0.9, Duration.ZERO, ofSeconds(-1)))
        .hasMessageContaining("margin: 0.9 (expected: 1.0..1000)")
        .hasMessageContaining("floor: PT0S (expected: > PT0S")
        .hasMessageContaining("cap: PT-1S (expected: > PT0S")
        .hasMessageContaining("cap: PT-1S (expected: >= the floor, PT0S)");
    assertThatThrownBy(() -> new TimeoutBounds(Double.NaN, ofSeconds(1), ofSeconds(1)))
        .hasMessage("timeout bounds: margin: NaN (expected: 1.0..1000)");
    TimeoutBounds bounds = new TimeoutBounds(1, ofSeconds(1), ofSeconds(1));
    assertThatThrownBy(() -> bounds.timeoutFor(ofSeconds(-1)))
        .hasMessage("expected: PT-1S (expected: >= PT0S)");
  }

  @Test
  void whatIsNearIsAskedMoreOften() throws Exception {
    Presets presets = new Presets(Environment.PRODUCTION, Platform.PLAIN);
    byte[] ipv6 = new byte[16];
    ipv6[15] = 1;
    byte[] elsewhere = {(byte) 192, 0, 2, 1};
    assertThat(presets.probeInterval(InetAddress.getLoopbackAddress())).isEqualTo(ofMillis(5));
    assertThat(presets.probeInterval(InetAddress.getByAddress(ipv6))).isEqualTo(ofMillis(5));
    assertThat(presets.probeInterval(InetAddress.getByAddress(elsewhere))).isEqualTo(ofMillis(100));
  }

  @Test
  void thePlatformSaysHowLongTheEndMayTake() {
    assertThat(new Presets(Environment.LOCAL, Platform.CLOUD_RUN).grace()).isEqualTo(ofSeconds(10));
    assertThat(new Presets(Environment.LOCAL, Platform.PLAIN).grace()).isEqualTo(ofSeconds(30));
    assertThat(new Presets(Environment.LOCAL, Platform.KUBERNETES).drainDelay())
        .isEqualTo(ofSeconds(5));
    assertThat(new Presets(Environment.LOCAL, Platform.PLAIN).drainDelay())
        .isEqualTo(Duration.ZERO);
  }
}
