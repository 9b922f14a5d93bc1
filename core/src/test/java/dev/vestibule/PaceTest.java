package dev.vestibule;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Those who wait go in at a pace; newcomers queue behind them; no permit is lost. */
class PaceTest extends GateScene {

  private final List<Admitted> unsettled = new ArrayList<>();

  private Waiter admitSlowly(String name) {
    return admit(name, Arrival.at("/chat").on(lane), unsettled::add);
  }

  private void settleOne() {
    unsettled.remove(0).opened();
    lane.runAll();
  }

  private void openWith(Pace pace, int waiters) {
    gate(g -> g.pace(pace));
    IntStream.rangeClosed(1, waiters).forEach(i -> admitSlowly("w" + i));
    start();
    open();
    lane.runAll();
  }

  @Test
  void soManyInFlightAndNoMore() {
    openWith(Pace.inFlight(2), 4);
    assertThat(outcomes).containsExactly("w1 admitted", "w2 admitted");
    assertThat(chat().state()).isEqualTo(RouteState.PACED);
    assertThat(chat().isOpen()).isFalse();

    settleOne();
    assertThat(outcomes).containsExactly("w1 admitted", "w2 admitted", "w3 admitted");
    settleOne();
    assertThat(outcomes).last().isEqualTo("w4 admitted");
    assertThat(chat().state()).isEqualTo(RouteState.OPEN);
    unsettled.forEach(Admitted::opened);
  }

  @Test
  void aNewcomerQueuesBehindThoseWhoWait() {
    openWith(Pace.inFlight(1), 2);
    admitSlowly("late");
    lane.runAll();
    assertThat(outcomes).containsExactly("w1 admitted");
    settleOne();
    settleOne();
    assertThat(outcomes).containsExactly("w1 admitted", "w2 admitted", "late admitted");
    assertThat(chat().isOpen()).isTrue();
    settleOne();
  }

  @Test
  void withNobodyWaitingTheRouteIsOpenAtOnce() {
    openWith(Pace.inFlight(1), 0);
    assertThat(chat().isOpen()).isTrue();
  }

  @Test
  void aFailedAdmissionGivesItsPermitBackAndDoesNotKeepTheRoutePaced() {
    openWith(Pace.inFlight(1), 2);
    unsettled.remove(0).failed(boom);
    lane.runAll();
    assertThat(outcomes).containsExactly("w1 admitted", "w2 admitted");
    assertThat(chat().isOpen()).isTrue();
    unsettled.remove(0).opened();
    gate.drain();
    lane.runAll();
    assertThat(outcomes).last().isEqualTo("w1 DRAINING");
  }

  @Test
  void theReturnedArePacedToo() {
    openWith(Pace.inFlight(1), 2);
    unsettled.remove(0).failed(boom);
    lane.runAll();
    unsettled.remove(0).failed(boom);
    lane.runAll();
    lose();
    regain();
    lane.runAll();
    assertThat(chat().state()).isEqualTo(RouteState.PACED);
    assertThat(outcomes).hasSize(3).last().isEqualTo("w1 admitted");
    settleOne();
    assertThat(outcomes).last().isEqualTo("w2 admitted");
    settleOne();
  }

  @Test
  void whoIsNotReachedInTimeIsToldThatItIsBusy() {
    openWith(Pace.inFlight(1), 2);
    time.advance(ofSeconds(30));
    lane.runAll();
    assertThat(outcomes).containsExactly("w1 admitted", "w2 BUSY");
    assertThat(chat().isOpen()).isTrue();
    settleOne();
  }

  @Test
  void aPermitPassesFromARouteThatClosedToOneThatIsOpen() {
    gate(g -> g.pace(Pace.inFlight(1)));
    admitSlowly("chat1");
    admitSlowly("chat2");
    admit("extra1", Arrival.at("/extra").on(lane), unsettled::add);
    start();
    open();
    startup.signal("extra").ready();
    lane.runAll();
    assertThat(outcomes).containsExactly("chat1 admitted");
    lose();
    settleOne();
    assertThat(outcomes).containsExactly("chat1 admitted", "extra1 admitted");
    regain();
    settleOne();
    assertThat(outcomes).last().isEqualTo("chat2 admitted");
    settleOne();
  }

  @Test
  void whoLeavesInTheSameMomentTakesNoPermitAway() {
    gate(g -> g.pace(Pace.inFlight(1)));
    Waiter gone = admitSlowly("gone");
    admitSlowly("stays");
    start();
    open();
    gone.leave();
    lane.runAll();
    assertThat(outcomes).containsExactly("stays admitted");
    settleOne();
  }

  @Test
  void aRateLetsOneInEachInterval() {
    gate(g -> g.pace(Pace.perSecond(10)));
    IntStream.rangeClosed(1, 3).forEach(i -> admit("w" + i));
    start();
    open();
    lane.runAll();
    assertThat(outcomes).containsExactly("w1 admitted");
    time.advance(ofMillis(89));
    lane.runAll();
    assertThat(outcomes).hasSize(1);
    // The first was due at most 10 ms ago, so the second is due a little sooner than in 100 ms.
    time.advance(ofMillis(11));
    lane.runAll();
    assertThat(outcomes).hasSize(2);
    time.advance(ofMillis(100));
    lane.runAll();
    assertThat(outcomes).hasSize(3);
    assertThat(chat().isOpen()).isTrue();
  }

  @Test
  void whoPollsWaitsForAPermitToo() {
    gate(g -> g.pace(Pace.inFlight(1)).strategy(ReadinessStrategy.fixed(ofMillis(100))));
    admitSlowly("w1");
    admitSlowly("w2");
    start();
    open();
    time.advance(ofMillis(100));
    lane.runAll();
    assertThat(outcomes).containsExactly("w1 admitted");
    settleOne();
    time.advance(ofMillis(100));
    lane.runAll();
    assertThat(outcomes).containsExactly("w1 admitted", "w2 admitted");
    settleOne();
  }

  /** A backend that bears 200 handshakes in a second and no more while it is young. */
  @Test
  void fiveThousandWaitersDoNotBreakABackendThatBearsTwoHundredASecond() {
    Deque<Long> lastSecond = new ArrayDeque<>();
    int[] failed = new int[1];
    gate(g -> g.pace(Pace.perSecond(190)));
    for (int i = 0; i < 5_000; i++) {
      admit(
          "w",
          Arrival.at("/chat").on(lane),
          admitted -> {
            long now = time.read();
            lastSecond.add(now);
            while (now - lastSecond.getFirst() >= ofSeconds(1).toNanos()) {
              lastSecond.remove();
            }
            failed[0] += lastSecond.size() > 200 ? 1 : 0;
            admitted.opened();
          });
    }
    start();
    open();
    for (Duration passed = ZERO;
        passed.compareTo(ofSeconds(30)) < 0;
        passed = passed.plusMillis(1)) {
      lane.runAll();
      time.advance(ofMillis(1));
    }
    assertThat(failed[0]).isZero();
    assertThat(outcomes).hasSize(5_000).containsOnly("w admitted");
    assertThat(chat().isOpen()).isTrue();
  }

  @Test
  void aPaceOutOfRangeIsRefused() {
    assertThatThrownBy(() -> Pace.perSecond(0))
        .hasMessage("pace.perSecond: 0 (expected: 1 to 1000000)");
    assertThatThrownBy(() -> Pace.inFlight(0)).hasMessage("pace.inFlight: 0 (expected: >= 1)");
  }
}
