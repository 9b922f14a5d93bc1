package dev.vestibule.history;

import static dev.vestibule.history.World.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vestibule.PhaseState;
import dev.vestibule.PhaseTimeout;
import dev.vestibule.PhaseTimeouts;
import dev.vestibule.Startup;
import dev.vestibule.StartupBuilder;
import dev.vestibule.StartupEvent;
import dev.vestibule.StartupState;
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
    world.past(history, 0.1, 1.5, 3.5, 0.1);
    for (int i = 0; i < 39; i++) {
      world.past(history, 0.1, 1.4, 3.4, 3 + i / 100.0);
    }
    assertThat(limits(new TimeoutBounds(2.5, seconds(0.5), seconds(8.5))))
        .containsExactly(
            limit("top", 0.5, learned("100ms", "2.5", "100ms", "2.5", "500ms and 8500ms", 40)),
            limit("left", 3.75, learned("1400ms", "2.5", "1500ms", "2.5", "500ms and 8500ms", 40)),
            limit("right", 30, "default"),
            limit(
                "bottom", 8.45, learned("3370ms", "2.5", "3380ms", "2.5", "500ms and 8500ms", 40)));
  }

  @Test
  void atLeastTwiceTheLongestThatWasWell() {
    for (int i = 0; i < 50; i++) {
      world.past(history, 0.1, 1, 4, i == 7 ? 3 : 1);
    }
    assertThat(limits())
        .containsExactly(
            limit("top", 0.5, learned("100ms", "1.2", "100ms", "2.0", "500ms and 8s", 50)),
            limit("left", 2, learned("1s", "1.2", "1s", "2.0", "500ms and 8s", 50)),
            limit("right", 8, learned("4s", "1.2", "4s", "2.0", "500ms and 8s", 50)),
            limit("bottom", 6, learned("1s", "1.2", "3s", "2.0", "500ms and 8s", 50)));
  }

  @Test
  void eighteenStartsAreTooFew() {
    for (int i = 0; i < 18; i++) {
      world.past(history, 1, 1, 1, 1);
    }
    assertThat(limits()).allSatisfy(it -> assertThat(it.source()).isEqualTo("default"));
    world.past(history, 1, 1, 1, 1);
    assertThat(limits()).allSatisfy(it -> assertThat(it.source()).startsWith("history: "));
  }

  @Test
  void aFloorAboveTheCapOfTheEnvironmentIsNoHarm() {
    for (int i = 0; i < 19; i++) {
      world.past(history, 1, 1, 1, 3);
    }
    assertThat(limits(new TimeoutBounds(1, seconds(8), seconds(8))).get(3).limit())
        .isEqualTo(seconds(8));
  }

  /** A limit is for one attempt, and what is known is what all of them took together. */
  @Test
  void aPhaseThatNeededASecondAttemptIsNotLearned() {
    for (int i = 0; i < 30; i++) {
      int failures = i == 20 ? 1 : 0;
      Startup startup = tasks(world.define(), failures);
      history.follow(startup);
      startup.start();
      world.later(startup, 1);
      assertThat(startup.snapshot().state()).isEqualTo(StartupState.COMPLETE);
    }
    PhaseTimeouts learned = history.timeouts(phase -> BOUNDS, (phase, graph) -> seconds(30));
    assertThat(tasks(world.define().timeouts(learned), 0).timeouts())
        .extracting(PhaseTimeout::source)
        .containsExactly("default", learned("100ms", "1.2", "100ms", "2.0", "500ms and 8s", 30));
  }

  /** One whose task may be tried twice and one that is signalled, 100 ms each. */
  private Startup tasks(StartupBuilder builder, int failures) {
    int[] left = {failures};
    Startup startup =
        builder
            .phase(
                "task",
                p ->
                    p.run(
                            () -> {
                              world.time.advance(Duration.ofMillis(100));
                              if (left[0]-- > 0) {
                                throw new IllegalStateException("not yet");
                              }
                            })
                        .retries(1, Duration.ZERO))
            .phase("signal", p -> p.signalled().after("task"))
            .build();
    startup.listen(event -> {
      if (event instanceof StartupEvent.PhaseChanged it
          && it.phase().equals("signal")
          && it.to() == PhaseState.RUNNING) {
        world.after(0.1, () -> startup.signal("signal").ready());
      }
    });
    return startup;
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
        .isEqualTo(limit("left", 2, learned("1s", "1.2", "1s", "2.0", "500ms and 8s", 50)));
    Startup startup = World.diamond(world.define().timeouts(learned()));
    history.follow(startup);
    startup.start();
    startup.signal("top").ready();
    world.later(startup, 2);
    assertThat(startup.snapshot().phase("left").state()).isEqualTo(PhaseState.FAILED);
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
    return limits(BOUNDS);
  }

  private List<PhaseTimeout> limits(TimeoutBounds bounds) {
    PhaseTimeouts learned = history.timeouts(phase -> bounds, (phase, graph) -> seconds(30));
    return World.diamond(world.define().timeouts(learned)).timeouts();
  }

  private static String learned(
      String p95, String margin, String longest, String times, String within, int starts) {
    return "history: p95 %s x %s, at least longest %s x %s, within %s, %d starts"
        .formatted(p95, margin, longest, times, within, starts);
  }

  private static PhaseTimeout limit(String phase, double seconds, String source) {
    return new PhaseTimeout(phase, seconds(seconds), source);
  }
}
