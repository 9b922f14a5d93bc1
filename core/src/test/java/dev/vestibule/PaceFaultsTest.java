package dev.vestibule;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A pace meets a lane that is stuck, and a scheduler that is full. */
class PaceFaultsTest extends GateScene {

  private final ManualExecutor stuck = new ManualExecutor();
  private final List<Admitted> unsettled = new ArrayList<>();

  @AfterEach
  void settleAll() {
    gate.drain();
    stuck.runAll();
    lane.runAll();
    unsettled.forEach(Admitted::opened);
    time.advance(ofSeconds(1));
  }

  /** A lane that is busy for a while must not keep the others from their permits. */
  @Test
  void aLaneThatIsStuckDoesNotStallTheOthersAtARate() {
    gate(g -> g.pace(Pace.perSecond(10)));
    for (int i = 0; i < 3; i++) {
      admit("stuck" + i, Arrival.at("/chat").on(stuck));
      admit("free" + i, Arrival.at("/chat").on(lane));
    }
    start();
    open();
    stuck.runAll();
    lane.runAll();
    assertThat(outcomes).containsExactly("stuck0 admitted");
    // From here on the one lane runs nothing.
    for (int i = 0; i < 100; i++) {
      time.advance(ofMillis(100));
      lane.runAll();
    }
    assertThat(outcomes).contains("free0 admitted", "free1 admitted", "free2 admitted");
  }

  /** The same where so many may be in flight: a permit is free, and somebody who can use it. */
  @Test
  void aLaneThatIsStuckDoesNotKeepAPermitThatIsFree() {
    gate(g -> g.pace(Pace.inFlight(1)));
    for (int i = 0; i < 2; i++) {
      admit("stuck" + i, Arrival.at("/chat").on(stuck), unsettled::add);
      admit("free" + i, Arrival.at("/chat").on(lane), unsettled::add);
    }
    start();
    open();
    stuck.runAll();
    lane.runAll();
    assertThat(outcomes).containsExactly("stuck0 admitted");
    unsettled.remove(0).opened();
    lane.runAll();
    time.advance(ofSeconds(10));
    lane.runAll();
    assertThat(outcomes).contains("free0 admitted");
  }

  /** A scheduler that refuses once must not stop the pace for good. */
  @Test
  void aSchedulerThatRefusesOnceDoesNotStopThePace() {
    boolean[] full = {false};
    gate(g ->
        g.pace(Pace.perSecond(10))
            .scheduler((task, delay) -> {
              if (full[0]) {
                throw new RejectedExecutionException("full");
              }
              return time.schedule(task, delay);
            }));
    admit("one");
    admit("two");
    admit("three");
    start();
    open();
    full[0] = true;
    try {
      lane.runAll();
    } catch (RejectedExecutionException e) {
      // It comes out on the lane.
    }
    full[0] = false;
    time.advance(ofMillis(200));
    admit("newcomer");
    for (int i = 0; i < 20; i++) {
      lane.runAll();
      time.advance(ofMillis(200));
    }
    expectErrors("the pace waits for somebody to come by");
    assertThat(outcomes).contains("one admitted", "two admitted", "three admitted");
  }

  /** Two routes on one lane: the one that was woken first takes every permit until it is empty. */
  @Test
  void noRouteStarvesBehindAnother() {
    gate(g -> g.pace(Pace.perSecond(10)));
    start();
    admit("short", Arrival.at("/extra").on(lane));
    for (int i = 0; i < 100; i++) {
      admit("chat" + i);
    }
    open();
    startup.signal("extra").ready();
    for (int i = 0; i < 50; i++) {
      lane.runAll();
      time.advance(ofMillis(100));
    }
    // It came before all the others, and five seconds are fifty permits.
    assertThat(outcomes).contains("short admitted");
  }
}
