package dev.vestibule;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Nobody is held in vain where that can be known, and nobody is turned away on a guess. */
class ForecastTest extends GateScene {

  private @Nullable Estimate estimate;

  private void expect(Duration p10, Duration p95, int starts) {
    estimate = new Estimate(p10, p10, p95, starts);
    gate(g -> g.estimator((now, phases) -> estimate));
    start();
  }

  @Test
  void whoseTimeIsTooShortHearsSoAtOnce() {
    expect(ofSeconds(31), ofSeconds(40), 5);
    admit("hopeless");
    lane.runAll();
    assertThat(outcomes).containsExactly("hopeless TOO_LONG");
    assertThat(refusal().waited()).isZero();
    assertThat(refusal().phase()).isEqualTo("database");
  }

  @Test
  void aChanceOfOneInTenIsReasonEnoughToHold() {
    expect(ofSeconds(30), ofSeconds(300), 50);
    admit("hopeful");
    assertThat(gate.snapshot().waiting()).isEqualTo(1);
    gate.drain();
  }

  @Test
  void fourStartsAreTooFewToTurnAnybodyAway() {
    expect(ofSeconds(300), ofSeconds(400), 4);
    admit("hopeful");
    assertThat(gate.snapshot().waiting()).isEqualTo(1);
    gate.drain();
  }

  @Test
  void theArrivalsOwnTimeCounts() {
    expect(ofSeconds(6), ofSeconds(8), 9);
    admit("short", Arrival.at("/short").on(lane));
    admit("impatient", Arrival.at("/chat").on(lane).atMost(ofSeconds(4)));
    admit("patient");
    lane.runAll();
    assertThat(outcomes).containsExactly("short TOO_LONG", "impatient TOO_LONG");
    gate.drain();
  }

  @Test
  void whenToComeBackIsWhenItWillMostLikelyBeOpen() {
    expect(ofSeconds(31), ofSeconds(40), 5);
    for (int i = 0; i < 100; i++) {
      admit("hopeless");
    }
    lane.runAll();
    assertThat(admissions)
        .allSatisfy(admission ->
            assertThat(((Refused) admission).retryAfter()).isBetween(ofSeconds(40), ofSeconds(48)))
        .extracting(admission -> ((Refused) admission).retryAfter())
        .satisfies(all -> assertThat(Set.copyOf(all)).hasSizeGreaterThan(50));
  }

  @Test
  void aGuessSendsNobodyAwayForAnHour() {
    expect(ofSeconds(31), Duration.ofHours(1), 50);
    admit("hopeless");
    lane.runAll();
    assertThat(refusal().retryAfter()).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(6));
  }

  @Test
  void fourStartsSendNobodyAwayForMoreThanAMinute() {
    expect(ofSeconds(20), ofSeconds(200), 4);
    admit("spent");
    time.advance(ofSeconds(30));
    lane.runAll();
    assertThat(refusal().retryAfter()).isBetween(ofSeconds(60), ofSeconds(72));
  }

  @Test
  void whatIsAwayForLongerThanThereIsTimeIsToldAtOnce() {
    start();
    open();
    startup.signal("database").lost(boom, ofSeconds(60));
    admit("hopeless");
    lane.runAll();
    assertThat(outcomes).containsExactly("hopeless DEPENDENCY_DOWN");
    assertThat(refusal().retryAfter()).isBetween(ofSeconds(60), ofSeconds(72));

    time.advance(ofSeconds(40));
    admit("hopeful");
    assertThat(chat().remaining())
        .isEqualTo(new Estimate(ofSeconds(20), ofSeconds(20), ofSeconds(20), 0));
    startup.signal("database").regained();
    lane.runAll();
    assertThat(outcomes).last().isEqualTo("hopeful admitted");
    assertThat(startup.snapshot().phase("database").backAt()).isNull();
  }

  @Test
  void whatIsToldAgainTakesThePlaceOfWhatWasToldBefore() {
    start();
    open();
    startup.signal("database").lost(boom);
    assertThat(chat().remaining()).isNull();
    startup.signal("database").lost(boom, ofSeconds(60));
    startup.signal("database").lost(boom, ofSeconds(5));
    admit("hopeful");
    assertThat(gate.snapshot().waiting()).isEqualTo(1);
    gate.drain();
  }

  @Test
  void thereIsNothingToComeWhereARouteIsOpenOrRefuses() {
    expect(ofSeconds(6), ofSeconds(8), 9);
    assertThat(chat().remaining()).isEqualTo(estimate);
    open();
    assertThat(chat().remaining())
        .extracting(it -> it == null ? null : it.p95())
        .isEqualTo(Duration.ZERO);
    gate.drain();
    assertThat(chat().remaining()).isNull();
  }

  @Test
  void wheneverNothingIsKnownTheyAreHeld() {
    start();
    assertThat(chat().remaining()).isNull();
    admit("hopeful", Arrival.at("/chat").on(lane).atMost(ofMillis(1)));
    assertThat(gate.snapshot().waiting()).isEqualTo(1);
    gate.drain();
  }
}
