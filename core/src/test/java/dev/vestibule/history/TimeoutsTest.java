package dev.vestibule.history;

import static dev.vestibule.history.World.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vestibule.PhaseState;
import dev.vestibule.PhaseTimeout;
import dev.vestibule.PhaseTimeouts;
import dev.vestibule.Startup;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimeoutsTest {

  private static final TimeoutRule RULE = new TimeoutRule(1.2, seconds(0.5), seconds(8));

  private final World world = new World();
  private final History history = History.inMemory();

  @Test
  void theCapWhereNothingIsKnown() {
    assertThat(limits())
        .containsOnly(
            limit("top", 8, "cap; 0 starts are too few for a p95"),
            limit("left", 8, "cap; 0 starts are too few for a p95"),
            limit("right", 8, "cap; 0 starts are too few for a p95"),
            limit("bottom", 8, "cap; 0 starts are too few for a p95"));
  }

  @Test
  void theMarginAboveP95WithinFloorAndCap() {
    for (int i = 0; i < 19; i++) {
      world.past(history, 0.1, 2, 7, 3 + i / 10.0);
    }
    assertThat(limits())
        .containsExactly(
            limit("top", 0.5, "floor; history: p95 0.100 s x 1.2, 19 starts"),
            limit("left", 2.4, "history: p95 2.000 s x 1.2, 19 starts"),
            limit("right", 8, "cap; history: p95 7.000 s x 1.2, 19 starts"),
            limit("bottom", 5.76, "history: p95 4.800 s x 1.2, 19 starts"));
  }

  @Test
  void whatIsExplicitWins() {
    Startup startup =
        world
            .define()
            .phase("one", p -> p.signalled().timeout(seconds(60)))
            .phase("other", p -> p.signalled())
            .timeouts(history.timeouts(RULE))
            .build();
    assertThat(startup.timeouts())
        .containsExactly(
            limit("one", 60, "explicit"), limit("other", 8, "cap; 0 starts are too few for a p95"));
    startup.start();
    world.later(startup, 9);
    assertThat(startup.snapshot().phase("one").state()).isEqualTo(PhaseState.RUNNING);
    assertThat(startup.snapshot().phase("other").state()).isEqualTo(PhaseState.FAILED);
  }

  @Test
  void aLimitThatTurnsOutTooShortRaisesItself() {
    for (int i = 0; i < 50; i++) {
      world.past(history, 1, 1, 1, 1);
    }
    assertThat(limits().get(1))
        .isEqualTo(limit("left", 1.2, "history: p95 1.000 s x 1.2, 50 starts"));
    for (int i = 0; i < 2; i++) {
      Startup startup = World.diamond(world.define().timeouts(history.timeouts(RULE)));
      history.follow(startup);
      startup.start();
      startup.signal("top").ready();
      world.later(startup, 2);
      assertThat(startup.snapshot().phase("left").state()).isEqualTo(PhaseState.FAILED);
    }
    assertThat(limits().get(1).limit()).isEqualTo(seconds(8));
  }

  @Test
  void nullIsNoLimit() {
    Startup startup =
        world.define().phase("one", p -> p.signalled()).timeouts((phase, graph) -> null).build();
    assertThat(startup.timeouts()).containsExactly(new PhaseTimeout("one", null, "none"));
  }

  @Test
  void whatIsNoLimitIsAMistake() {
    PhaseTimeouts zero = (phase, graph) -> Duration.ZERO;
    assertThatThrownBy(() ->
            world
                .define()
                .phase("one", p -> p.signalled())
                .phase("other", p -> p.signalled())
                .timeouts(zero)
                .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("phase one.timeout: PT0S (expected: > PT0S")
        .hasMessageContaining("phase other.timeout: PT0S (expected: > PT0S");
  }

  @Test
  void aRuleNamesAllThatIsWrongWithIt() {
    assertThatThrownBy(() -> new TimeoutRule(0.5, seconds(-1), Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "timeout rule: margin: 0.5 (expected: 1 to 1000); floor: PT-1S (expected: >= PT0S);"
                + " cap: PT0S (expected: > PT0S, <= PT8760H)");
    assertThatThrownBy(() -> new TimeoutRule(1, seconds(2), seconds(1)))
        .hasMessage("timeout rule: cap: PT1S (expected: >= floor, PT2S)");
  }

  private List<PhaseTimeout> limits() {
    return World.diamond(world.define().timeouts(history.timeouts(RULE))).timeouts();
  }

  private static PhaseTimeout limit(String phase, double seconds, String source) {
    return new PhaseTimeout(phase, seconds(seconds), source);
  }
}
