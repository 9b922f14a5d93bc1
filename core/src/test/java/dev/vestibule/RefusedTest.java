package dev.vestibule;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a refusal says: when to come back, and as problem details. */
class RefusedTest extends GateScene {

  @ParameterizedTest
  @EnumSource(Reason.class)
  void comingBackIsSpreadAndNeverSoonerThanASecond(Reason reason) {
    Set<Duration> seen = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      Duration after = gate.retryAfter(reason, null);
      assertThat(after).isBetween(ofSeconds(1), ofSeconds(15));
      seen.add(after);
    }
    assertThat(seen).hasSizeGreaterThan(500);
  }

  @Test
  void theHeaderIsInWholeSecondsRoundedUp() {
    assertThat(refused(ofMillis(1001), null).retryAfterSeconds()).isEqualTo(2);
    assertThat(refused(ofSeconds(1), null).retryAfterSeconds()).isEqualTo(1);
    assertThat(refused(ZERO, null).retryAfterSeconds()).isEqualTo(1);
  }

  @Test
  void aProblemSaysNoMoreThanAStrangerMayKnow() {
    assertThat(refused(ofSeconds(1), "database").toProblemJson())
        .isEqualTo(
            "{\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503,"
                + "\"detail\":\"As many as can wait are waiting already.\","
                + "\"reason\":\"FULL\",\"phase\":\"database\"}");
    assertThat(refused(ofSeconds(1), null).toProblemJson()).endsWith("\"reason\":\"FULL\"}");
    assertThat(Refused.PROBLEM_MEDIA_TYPE).isEqualTo("application/problem+json");
  }

  @Test
  void aHostileNameStaysInsideItsString() {
    assertThat(
            refused(ofSeconds(1), "\",\"status\":200,\"x\":\"\\\n\t\u0000\udead").toProblemJson())
        .endsWith(
            ",\"phase\":\"\\\",\\\"status\\\":200,\\\"x\\\":\\\"\\\\\\u000a\\u0009\\u0000\\udead\"}");
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void everyReasonHasAProblem(Reason reason) {
    assertThat(new Refused(reason, ofSeconds(1), null, ZERO).toProblemJson())
        .contains("\"reason\":\"" + reason + "\"")
        .contains("\"detail\":\"");
  }

  private static Refused refused(Duration after, @org.jspecify.annotations.Nullable String phase) {
    return new Refused(Reason.FULL, after, phase, ZERO);
  }
}
