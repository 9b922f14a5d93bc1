package dev.vestibule.history;

import static dev.vestibule.history.World.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Admission;
import dev.vestibule.Arrival;
import dev.vestibule.Estimate;
import dev.vestibule.Gate;
import dev.vestibule.Reason;
import dev.vestibule.Refused;
import dev.vestibule.Startup;
import dev.vestibule.StartupSnapshot;
import dev.vestibule.StartupState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EstimateTest {

  private static final Set<String> ALL = Set.of("bottom");

  private final World world = new World();
  private final History history = History.inMemory();

  @Test
  void knowsNothingAtFirst() {
    Startup startup = world.diamond();
    startup.start();
    assertThat(history.remaining(startup.snapshot(), ALL)).isNull();
  }

  @Test
  void theLongestPathCounts() {
    world.past(history, 1, 2, 5, 3);
    Startup startup = world.diamond();
    assertThat(remaining(startup, ALL).p50()).as("not begun: 1 + 5 + 3").isEqualTo(seconds(9));
    startup.start();
    world.later(startup, 0.4);
    assertThat(remaining(startup, ALL).p50()).as("0.6 + 5 + 3").isEqualTo(seconds(8.6));
    assertThat(remaining(startup, Set.of("left")).p50()).as("0.6 + 2").isEqualTo(seconds(2.6));
    world.later(startup, 0.4);
    startup.signal("top").ready();
    assertThat(remaining(startup, ALL).p50()).as("5 + 3, as it is early").isEqualTo(seconds(8));
    world.later(startup, 1);
    startup.signal("right").ready();
    assertThat(remaining(startup, ALL).p50()).as("left: 1, then 3").isEqualTo(seconds(4));
    assertThat(remaining(startup, Set.of("left", "right")).p50()).isEqualTo(seconds(1));
  }

  @Test
  void nothingRemainsOfWhatHasPassed() {
    world.past(history, 1, 2, 5, 3);
    Startup startup = world.diamond();
    startup.start();
    startup.signal("top").ready();
    Estimate estimate = remaining(startup, Set.of("top"));
    assertThat(estimate).isEqualTo(new Estimate(seconds(0), seconds(0), seconds(0), 1));
  }

  @Test
  void onceTheWarmTimeHasPassedOnlyColdStartsRemain() {
    for (int i = 0; i < 20; i++) {
      world.past(history, 1, 1, 1, 1);
      world.past(history, 10, 10, 10, 10);
    }
    Startup startup = world.diamond();
    startup.start();
    Estimate before = remaining(world.later(startup, 0.9));
    assertThat(before.starts()).isEqualTo(40);
    assertThat(before.p10()).isEqualTo(seconds(2.1));
    assertThat(before.p95()).isEqualTo(seconds(29.1));
    Estimate after = remaining(world.later(startup, 0.2));
    assertThat(after.starts()).isEqualTo(20);
    assertThat(after.p10()).isEqualTo(seconds(28.9));
  }

  @Test
  void beyondAllThatIsKnownItIsAGuessThatTurnsNobodyAway() {
    for (int i = 0; i < 20; i++) {
      world.past(history, 1, 1, 1, 1);
    }
    Startup startup = world.diamond();
    startup.start();
    Estimate estimate = remaining(world.later(startup, 100));
    assertThat(estimate.starts()).isZero();
    assertThat(estimate.p95()).as("thrice 1 + 1 + 1").isEqualTo(seconds(9));
  }

  /** Taken for a power law, so few cold starts would have hardly an end: it said an hour. */
  @Test
  void aFewColdStartsAreNoReasonToSendAnybodyAwayForLong() {
    for (int i = 0; i < 50; i++) {
      world.past(history, i % 10 == 9 ? 8 : 0.5, 0, 0, 0);
    }
    Startup startup = world.diamond();
    startup.start();
    Estimate estimate = remaining(world.later(startup, 8.5));
    assertThat(estimate.starts()).isZero();
    assertThat(estimate.p95()).isEqualTo(seconds(24));
  }

  @Test
  void aStartThatFailedTookAtLeastAsLong() {
    for (int i = 0; i < 20; i++) {
      world.past(history, 1, 1, 1, 1);
    }
    for (int i = 0; i < 5; i++) {
      world.past(
          history,
          World.times(1, 100, 1, 1),
          startup ->
              world.after(9, () -> startup.signal("left").failed(new IllegalStateException())));
    }
    Startup startup = world.diamond();
    startup.start();
    Estimate estimate = remaining(startup.snapshot());
    assertThat(estimate.starts()).as("those that came to their end").isEqualTo(20);
    assertThat(estimate.p50()).isEqualTo(seconds(3));
    assertThat(estimate.p95())
        .as("one in five failed after 9 s")
        .isGreaterThanOrEqualTo(seconds(9));
    startup.signal("top").ready();
    assertThat(remaining(world.later(startup, 5)).starts()).isZero();
  }

  @Test
  void anOptionalPhaseThatFailedHadPassed() {
    world.past(
        history,
        World.times(1, 1, 100, 1),
        startup ->
            world.after(5, () -> startup.signal("right").failed(new IllegalStateException())));
    Startup startup = world.diamond();
    startup.start();
    Estimate estimate = remaining(startup, ALL);
    assertThat(estimate.p50()).as("1 + 4, though bottom was late").isGreaterThan(seconds(5));
    assertThat(remaining(startup, Set.of("right")).p50()).isEqualTo(seconds(5));
    startup.signal("top").ready();
    startup.signal("right").failed(new IllegalStateException());
    assertThat(remaining(startup, Set.of("right")).p50()).isEqualTo(seconds(0));
  }

  @Test
  void whatIsNotGoingToPassHasNoTime() {
    world.past(history, 1, 1, 1, 1);
    Startup startup = world.diamond();
    startup.start();
    assertThat(history.remaining(startup.snapshot(), Set.of("somewhere else"))).isNull();
    startup.signal("top").ready();
    startup.signal("left").failed(new IllegalStateException());
    assertThat(history.remaining(startup.snapshot(), ALL)).as("left failed").isNull();
    startup.close();
    assertThat(history.remaining(startup.snapshot(), ALL)).as("closed").isNull();
  }

  @Test
  void whatDoesNotNeedThePhaseThatFailedGoesOn() {
    world.past(history, 1, 2, 5, 3);
    Startup startup = world.diamond();
    startup.start();
    startup.signal("top").ready();
    startup.signal("left").failed(new IllegalStateException());
    StartupSnapshot failed = world.later(startup, 2);
    assertThat(failed.state()).isEqualTo(StartupState.FAILED);
    StartupSnapshot now =
        new StartupSnapshot(failed.version(), failed.state(), seconds(2), failed.phases());
    Estimate right = Objects.requireNonNull(history.remaining(now, Set.of("right")));
    assertThat(right.p50()).as("5 - 2").isEqualTo(seconds(3));
    assertThat(history.remaining(now, Set.of("left"))).isNull();
  }

  @Test
  void anOptionalPhaseThatIsDownIsNotThereForWhoAsksForIt() {
    world.past(history, 1, 2, 5, 3);
    Startup startup = world.diamond();
    startup.start();
    startup.signal("top").ready();
    startup.signal("right").ready();
    startup.signal("right").lost(new IllegalStateException());
    assertThat(history.remaining(startup.snapshot(), Set.of("right"))).as("who knows").isNull();
    assertThat(remaining(startup, ALL).p50()).as("bottom need not wait").isEqualTo(seconds(5));
  }

  @Test
  void anotherGraphIsAnotherHistory() {
    world.past(history, 1, 1, 1, 1);
    Startup other =
        world.define().phase("top", p -> p.signalled()).phase("bottom", p -> p.signalled()).build();
    other.start();
    assertThat(history.remaining(other.snapshot(), ALL)).isNull();
  }

  @Test
  void theOrderInWhichPhasesAreDefinedDoesNotMatter() {
    world.past(history, 1, 2, 5, 3);
    Startup turned =
        world
            .define()
            .phase("bottom", p -> p.signalled().after("right", "left"))
            .phase("right", p -> p.signalled().after("top").optional())
            .phase("left", p -> p.signalled().after("top"))
            .phase("top", p -> p.signalled())
            .build();
    turned.start();
    assertThat(remaining(turned, ALL).p50()).isEqualTo(seconds(9));
  }

  @Test
  void theKeyTellsNamesDependenciesAndOptionsApart() {
    String key = Graphs.key(World.graph(world.diamond()));
    assertThat(key).matches("[0-9a-f]{16}");
    List<Startup> others = new ArrayList<>();
    others.add(
        world
            .define()
            .phase("top", p -> p.signalled())
            .phase("left", p -> p.signalled().after("top"))
            .phase("right", p -> p.signalled().after("top"))
            .phase("bottom", p -> p.signalled().after("left", "right"))
            .build());
    others.add(
        world
            .define()
            .phase("top", p -> p.signalled())
            .phase("left", p -> p.signalled())
            .phase("right", p -> p.signalled().after("top").optional())
            .phase("bottom", p -> p.signalled().after("left", "right"))
            .build());
    for (Startup other : others) {
      assertThat(Graphs.key(World.graph(other))).isNotEqualTo(key);
    }
  }

  @Test
  void theGateTurnsAwayWhomFivePastStartsSayItCannotServe() {
    Startup startup = world.diamond();
    Gate gate =
        Gate.before(startup)
            .ticker(world.time)
            .scheduler(world.time)
            .route("/**", r -> r.requires("bottom"))
            .holdAtMost(seconds(5))
            .estimator(history)
            .build();
    startup.start();
    for (int i = 0; i < 4; i++) {
      world.past(history, 1, 2, 5, 3);
    }
    assertThat(knock(gate)).as("four starts are too few").isNull();
    Startup next = world.diamond();
    Gate before =
        Gate.before(next)
            .ticker(world.time)
            .scheduler(world.time)
            .route("/**", r -> r.requires("bottom"))
            .holdAtMost(seconds(5))
            .estimator(history)
            .build();
    world.past(history, 1, 2, 5, 3);
    next.start();
    Refused refused = (Refused) Objects.requireNonNull(knock(before));
    assertThat(refused.reason()).isEqualTo(Reason.TOO_LONG);
    assertThat(refused.retryAfter()).isGreaterThanOrEqualTo(seconds(9));
    world.later(next, 1);
    next.signal("top").ready();
    world.later(next, 4);
    assertThat(knock(before)).as("1 + 3 remain").isNull();
  }

  private static @Nullable Admission knock(Gate gate) {
    List<Admission> heard = new ArrayList<>();
    var unused = gate.admit(Arrival.at("/").on(Runnable::run), heard::add);
    return heard.isEmpty() ? null : heard.get(0);
  }

  private Estimate remaining(StartupSnapshot now) {
    return Objects.requireNonNull(history.remaining(now, ALL));
  }

  private Estimate remaining(Startup startup, Set<String> phases) {
    return Objects.requireNonNull(history.remaining(startup.snapshot(), phases));
  }
}
