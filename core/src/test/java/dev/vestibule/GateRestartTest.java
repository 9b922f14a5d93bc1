package dev.vestibule;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What stands behind the gate starts again, as another startup. */
class GateRestartTest extends GateScene {

  private final Startup second =
      Startup.define()
          .phase("database", p -> p.signalled())
          .phase("services", p -> p.signalled().after("database"))
          .phase("extra", p -> p.signalled().optional())
          .ticker(time)
          .scheduler(time)
          .build();

  @Test
  void newcomersWaitForTheStartThatIsUnderWay() {
    start();
    open();
    admit("a");
    lane.runAll();

    gate.restart(second);
    startup.close();
    admit("b");
    lane.runAll();
    assertThat(outcomes).containsExactly("a admitted");

    second.start();
    second.signal("database").ready();
    second.signal("services").ready();
    lane.runAll();
    assertThat(outcomes).containsExactly("a admitted", "b admitted");
  }

  @Test
  void whoWaitsKeepsItsPlaceAndItsDeadline() {
    start();
    admit("a");
    time.advance(ofSeconds(20));
    gate.restart(second);
    second.start();
    admit("b");

    time.advance(ofSeconds(10));
    lane.runAll();
    assertThat(outcomes).containsExactly("a BUDGET_SPENT");

    second.signal("database").ready();
    second.signal("services").ready();
    lane.runAll();
    assertThat(outcomes).containsExactly("a BUDGET_SPENT", "b admitted");
  }

  @Test
  void theStartBeforeDecidesNothingAnyMore() {
    start();
    admit("a");
    gate.restart(second);
    open();
    lane.runAll();
    assertThat(outcomes).isEmpty();

    startup.close();
    lane.runAll();
    assertThat(outcomes).isEmpty();
    gate.drain();
  }

  @Test
  void aStartThatFailedIsForgotten() {
    start();
    startup.signal("database").failed(boom);
    assertThat(chat().state()).isEqualTo(RouteState.REFUSE);

    gate.restart(second);

    assertThat(chat().state()).isEqualTo(RouteState.HOLD);
    logs.clear();
  }

  @Test
  void whoWasLetInByTheStartBeforeIsPutBackUntilTheNextIsReady() {
    start();
    open();
    gate.restart(second);
    second.start();
    admit(
        "a",
        Arrival.at("/chat").on(lane),
        admitted -> {
          if (outcomes.size() == 1) {
            admitted.failed(boom);
          } else {
            admitted.opened();
          }
        });
    second.signal("database").ready();
    second.signal("services").ready();
    lane.runAll();
    assertThat(outcomes).containsExactly("a admitted");
    second.signal("services").lost(boom);
    second.signal("services").regained();
    lane.runAll();
    assertThat(outcomes).containsExactly("a admitted", "a admitted");
  }

  @Test
  void drainingGoesOn() {
    start();
    gate.drain();
    gate.restart(second);
    admit("a");
    lane.runAll();
    assertThat(outcomes).containsExactly("a DRAINING");
  }

  @Test
  void otherPhasesAreRefused() {
    Startup other = Startup.define().phase("database", p -> p.signalled()).build();
    assertThatThrownBy(() -> gate.restart(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("phases: [database] (expected: [database, services, extra])");
  }
}
