package dev.vestibule;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

/** What others do wrong: callers, lanes, callbacks and schedulers. */
class GateFaultsTest extends GateScene {

  @Test
  void anArrivalWithoutALaneIsAMistake() {
    assertThatIllegalStateException()
        .isThrownBy(() -> gate.admit(Arrival.at("/chat"), admission -> {}))
        .withMessage("arrival at /chat: no lane (expected: on(lane))");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Arrival.at("/chat").atMost(ofSeconds(-1)))
        .withMessage("atMost: PT-1S (expected: >= PT0S)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Arrival.at("/chat").bytes(-1))
        .withMessage("bytes: -1 (expected: >= 0)");
  }

  @Test
  void aLaneThatIsShutDownFreesTheSeatsOfItsWaiters() {
    start();
    admit("a");
    admit("b");
    lane.close();
    open();
    admit("c");

    assertThat(outcomes).isEmpty();
    assertThat(gate.snapshot().left()).isEqualTo(2);
    assertThat(logs.warnings()).isNotEmpty().allMatch(line -> line.startsWith("a lane takes no"));
  }

  @Test
  void aCallbackThatThrowsIsLoggedAndTheOthersGoOn() {
    start();
    admit(
        "a",
        Arrival.at("/chat").on(lane),
        admitted -> {
          throw new StackOverflowError("callback");
        });
    admit("b");
    open();
    lane.runAll();

    assertThat(outcomes).containsExactly("a admitted", "b admitted");
    expectErrors("the callback of a waiter at /chat/** threw");
  }

  @Test
  void aSchedulerThatRejectsMakesTheGateRefuse() {
    gate(g ->
        g.scheduler((task, delay) -> {
          throw new IllegalStateException("closed");
        }));
    start();
    admit("a");
    lane.runAll();

    assertThat(outcomes).containsExactly("a BUDGET_SPENT");
    expectErrors("the scheduler takes no tasks; nobody can be held at /chat/**");
  }
}
