package dev.vestibule.history;

import static dev.vestibule.history.World.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vestibule.PhaseState;
import dev.vestibule.PhaseTimeout;
import dev.vestibule.PhaseTimeouts;
import dev.vestibule.Startup;
import dev.vestibule.environment.TimeoutBounds;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimeoutsTest {

  private static final TimeoutBounds BOUNDS = new TimeoutBounds(1.2, seconds(0.5), seconds(8));

  private final World world = new World();
  private final History history = History.inMemory();

  @Test
  void whatIsSaidOtherwiseWhereNothingIsKnown() {
    assertThat(limits())
        .containsExactly(
            limit("top", 30, "default"),
            limit("left", 30, "default"),
            limit("right", 30, "default"),
            limit("bottom", 30, "default"));
  }

  @Test
  void theMarginAboveP95WithinFloorAndCap() {
    for (int i = 0; i < 19; i++) {
      world.past(history, 0.1, 2, 7, 3 + i / 10.0);
    }
    assertThat(limits())
        .containsExactly(
            limit("top", 0.5, "history: p95 100ms x 1.2 within 500ms and 8s, 19 starts"),
            limit("left", 2.4, "history: p95 2s x 1.2 within 500ms and 8s, 19 starts"),
            limit("right", 8, "history: p95 7s x 1.2 within 500ms and 8s, 19 starts"),
            limit("bottom", 5.76, "history: p95 4800ms x 1.2 within 500ms and 8s, 19 starts"));
  }

  @Test
  void whatUsuallyTakesLongerThanTheCapIsNotGivenUpByIt() {
    for (int i = 0; i < 19; i++) {
      world.past(history, 1, 9, 1, 1);
    }
    assertThat(limits().get(1)).isEqualTo(limit("left", 30, "default"));
  }

  @Test
  void aPhaseWithoutBoundsIsNotLearned() {
    for (int i = 0; i < 19; i++) {
      world.past(history, 1, 1, 1, 1);
    }
    PhaseTimeouts none = history.timeouts(phase -> null, (phase, graph) -> null);
    assertThat(World.diamond(world.define().timeouts(none)).timeouts())
        .allSatisfy(it -> assertThat(it.limit()).isNull());
  }

  @Test
  void whatIsExplicitWins() {
    Startup startup =
        world
            .define()
            .phase("one", p -> p.signalled().timeout(seconds(60)))
            .phase("other", p -> p.signalled())
            .timeouts(learned())
            .build();
    assertThat(startup.timeouts())
        .containsExactly(limit("one", 60, "explicit"), limit("other", 30, "default"));
    startup.start();
    world.later(startup, 31);
    assertThat(startup.snapshot().phase("one").state()).isEqualTo(PhaseState.RUNNING);
    assertThat(startup.snapshot().phase("other").state()).isEqualTo(PhaseState.FAILED);
  }

  @Test
  void aLimitThatTurnsOutTooShortGoesAway() {
    for (int i = 0; i < 50; i++) {
      world.past(history, 1, 1, 1, 1);
    }
    assertThat(limits().get(1))
        .isEqualTo(limit("left", 1.2, "history: p95 1s x 1.2 within 500ms and 8s, 50 starts"));
    for (int i = 0; i < 2; i++) {
      Startup startup = World.diamond(world.define().timeouts(learned()));
      history.follow(startup);
      startup.start();
      startup.signal("top").ready();
      world.later(startup, 2);
      assertThat(startup.snapshot().phase("left").state()).isEqualTo(PhaseState.FAILED);
    }
    assertThat(limits().get(1)).isEqualTo(limit("left", 30, "default"));
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

  private PhaseTimeouts learned() {
    return history.timeouts(phase -> BOUNDS, (phase, graph) -> seconds(30));
  }

  private List<PhaseTimeout> limits() {
    return World.diamond(world.define().timeouts(learned())).timeouts();
  }

  private static PhaseTimeout limit(String phase, double seconds, String source) {
    return new PhaseTimeout(phase, seconds(seconds), source);
  }
}
