package dev.vestibule;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Admissions are settled once; those that fail put their waiter back. */
class GateReturnTest extends GateScene {

  private final List<Admitted> let = new ArrayList<>();

  private Waiter admitUnsettled(String name) {
    return admit(name, Arrival.at("/chat").on(lane), let::add);
  }

  private Admitted only() {
    lane.runAll();
    assertThat(let).hasSize(1);
    return let.get(0);
  }

  @Test
  void openedSettlesOnce() {
    start();
    admitUnsettled("a");
    open();
    Admitted admitted = only();
    assertThat(gate.snapshot().inFlight()).isOne();

    assertThat(admitted.opened()).isTrue();
    assertThat(admitted.opened()).isFalse();
    assertThat(admitted.failed(boom)).isFalse();

    assertThat(gate.snapshot().inFlight()).isZero();
    assertThat(gate.snapshot().returned()).isZero();
  }

  @Test
  void failedSettlesOnceAndPutsBack() {
    start();
    admitUnsettled("a");
    open();
    Admitted admitted = only();

    assertThat(admitted.failed(boom)).isTrue();
    assertThat(admitted.failed(boom)).isFalse();
    assertThat(admitted.opened()).isFalse();

    assertThat(gate.snapshot().returned()).isOne();
    assertThat(gate.snapshot().waiting()).isOne();
    gate.drain();
  }

  @Test
  void theSameOpeningDoesNotLetItInAgainButTheNextOneDoes() {
    start();
    admitUnsettled("a");
    open();
    only().failed(boom);
    admit("b");
    lane.runAll();
    assertThat(outcomes).containsExactly("a admitted", "b admitted");

    lose();
    regain();
    lane.runAll();

    assertThat(outcomes).containsExactly("a admitted", "b admitted", "a admitted");
    let.get(1).opened();
  }

  @Test
  void putBackAfterTheNextOpeningItIsLetInAtOnce() {
    start();
    admitUnsettled("a");
    open();
    Admitted admitted = only();
    lose();
    regain();
    lane.runAll();

    admitted.failed(boom);
    lane.runAll();

    assertThat(outcomes).containsExactly("a admitted", "a admitted");
    let.get(1).opened();
  }

  @Test
  void itGoesBackToItsOldPlace() {
    start();
    admitUnsettled("a");
    open();
    Admitted admitted = only();
    lose();
    admit("b");
    admit("c");
    admitted.failed(boom);
    regain();
    lane.runAll();

    assertThat(outcomes).containsExactly("a admitted", "a admitted", "b admitted", "c admitted");
    let.get(1).opened();
  }

  @Test
  void itKeepsItsOldDeadline() {
    start();
    admitUnsettled("a");
    time.advance(ofSeconds(20));
    open();
    Admitted admitted = only();
    time.advance(ofSeconds(5));
    lose();
    admitted.failed(boom);
    time.advance(ofSeconds(5));
    lane.runAll();

    assertThat(outcomes).containsExactly("a admitted", "a DEPENDENCY_DOWN");
    assertThat(refusal().waited()).isEqualTo(ofSeconds(30));
  }

  @Test
  void afterItsDeadlineItIsRefused() {
    start();
    admitUnsettled("a");
    open();
    Admitted admitted = only();
    time.advance(ofSeconds(31));
    admitted.failed(boom);
    time.advance(ofSeconds(0));
    lane.runAll();

    assertThat(outcomes).containsExactly("a admitted", "a BUDGET_SPENT");
  }

  @Test
  void letInAtOnceItCanBePutBackToo() {
    start();
    open();
    admitUnsettled("a");
    only().failed(boom);
    lose();
    regain();
    lane.runAll();

    assertThat(outcomes).containsExactly("a admitted", "a admitted");
    let.get(1).opened();
  }

  @Test
  void aClientThatHasLeftIsNotPutBack() {
    start();
    Waiter waiter = admitUnsettled("a");
    open();
    Admitted admitted = only();
    assertThat(waiter.leave()).isFalse();
    admitted.failed(boom);

    assertThat(gate.snapshot().waiting()).isZero();
    assertThat(gate.snapshot().returned()).isZero();
  }

  @Test
  void aClientMayLeaveAfterItWasPutBack() {
    start();
    Waiter waiter = admitUnsettled("a");
    open();
    only().failed(boom);

    assertThat(waiter.leave()).isTrue();
    assertThat(gate.snapshot().waiting()).isZero();
  }

  @Test
  void withoutASeatItIsRefused() {
    gate(g -> g.maxWaiting(1));
    start();
    admitUnsettled("a");
    open();
    Admitted admitted = only();
    lose();
    admit("b");
    admitted.failed(boom);
    lane.runAll();

    // The reason that stands first is told: what it needs is away.
    assertThat(outcomes).containsExactly("a admitted", "a DEPENDENCY_DOWN");
    regain();
    lane.runAll();
    assertThat(outcomes).last().isEqualTo("b admitted");
  }

  @Test
  void withoutASeatWhileItsRouteIsOpenItIsFull() {
    gate(g -> g.maxWaiting(0));
    start();
    open();
    admitUnsettled("a");
    only().failed(boom);
    lane.runAll();

    assertThat(outcomes).containsExactly("a admitted", "a FULL");
  }

  @Test
  void putBackWhileDrainingItIsRefused() {
    start();
    admitUnsettled("a");
    open();
    Admitted admitted = only();
    gate.drain();
    admitted.failed(boom);
    lane.runAll();

    assertThat(outcomes).containsExactly("a admitted", "a DRAINING");
  }

  @Test
  void aCallbackThatFailsItsAdmissionAndThrowsIsPutBackOnce() {
    start();
    admit(
        "a",
        Arrival.at("/chat").on(lane),
        admitted -> {
          admitted.failed(boom);
          throw new IllegalStateException("after settling");
        });
    open();
    lane.runAll();

    expectErrors("the callback of a waiter at /chat/** threw");
    assertThat(gate.snapshot().waiting()).isOne();
    assertThat(gate.snapshot().inFlight()).isZero();
    time.advance(ofSeconds(30));
  }

  @Test
  void tenThousandFailuresInOneOpeningAreNotSearchedAgainAndAgain() {
    start();
    for (int i = 0; i < 10_000; i++) {
      admit("a", Arrival.at("/chat").on(lane), admitted -> admitted.failed(boom));
    }
    open();
    lane.runAll();

    assertThat(outcomes).hasSize(10_000);
    assertThat(gate.snapshot().waiting()).isEqualTo(10_000);
    gate.drain();
    lane.runAll();
    assertThat(gate.snapshot().refused()).containsEntry(Reason.DRAINING, 10_000L);
  }
}
