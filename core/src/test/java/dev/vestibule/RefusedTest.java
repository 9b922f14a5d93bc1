package dev.vestibule;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
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
    assertThat(refused(ofSeconds(1), "database").problem().toJson())
        .isEqualTo(
            "{\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503,"
                + "\"detail\":\"As many as can wait are waiting already.\","
                + "\"reason\":\"FULL\",\"phase\":\"database\"}");
    assertThat(refused(ofSeconds(1), null).problem().toJson()).endsWith("\"reason\":\"FULL\"}");
    assertThat(Problem.MEDIA_TYPE).isEqualTo("application/problem+json");
  }

  @Test
  void aHostileNameStaysInsideItsString() {
    assertThat(
            refused(ofSeconds(1), "\",\"status\":200,\"x\":\"\\\n\t\u0000\udead")
                .problem()
                .toJson())
        .endsWith(
            ",\"phase\":\"\\\",\\\"status\\\":200,\\\"x\\\":\\\"\\\\\\u000a\\u0009\\u0000\\udead\"}");
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void everyReasonHasAProblem(Reason reason) {
    assertThat(new Refused(reason, ofSeconds(1), null, ZERO).problem().toJson())
        .contains("\"reason\":\"" + reason + "\"")
        .contains("\"detail\":\"");
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void everyReasonFitsIntoACloseFrame(Reason reason) {
    Refused named = new Refused(reason, ofSeconds(7), "database", ZERO);
    assertThat(named.closeReason()).isEqualTo(reason + ": database; retry after 7 s");
    assertThat(named.closeCode()).isEqualTo(reason == Reason.DRAINING ? 1012 : 1013);
    assertThat(new Refused(reason, ZERO, null, ZERO).closeReason())
        .isEqualTo(reason + "; retry after 1 s");
    Refused endless = new Refused(reason, ofSeconds(7), "a" + "\ud83d\udeaa".repeat(99), ZERO);
    byte[] sent = endless.closeReason().getBytes(StandardCharsets.UTF_8);
    assertThat(sent).hasSizeBetween(120, 123);
    assertThat(new String(sent, StandardCharsets.UTF_8))
        .isEqualTo(endless.closeReason())
        .startsWith(reason + ": a\ud83d\udeaa")
        .endsWith("\ud83d\udeaa; retry after 7 s");
  }

  @Test
  void aProblemIsAnErrorAndKeepsTheNamesOfRfc9457() {
    assertThat(new Problem(404, "Not Found", "Gone\"").toJson())
        .isEqualTo(
            "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,"
                + "\"detail\":\"Gone\\\"\"}");
    assertThatThrownBy(() -> new Problem(200, "OK", ""))
        .hasMessage("status: 200 (expected: 400 to 599)");
    assertThatThrownBy(() -> new Problem(404, "Not Found", "", Map.of("type", "x")))
        .hasMessage("more: type (expected: none of RFC 9457's own)");
  }

  private static Refused refused(Duration after, @org.jspecify.annotations.Nullable String phase) {
    return new Refused(Reason.FULL, after, phase, ZERO);
  }
}
