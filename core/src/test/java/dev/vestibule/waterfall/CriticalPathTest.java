package dev.vestibule.waterfall;

import static dev.vestibule.waterfall.Snapshots.failed;
import static dev.vestibule.waterfall.Snapshots.pending;
import static dev.vestibule.waterfall.Snapshots.ready;
import static dev.vestibule.waterfall.Snapshots.running;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Estimate;
import dev.vestibule.PhaseSnapshot;
import dev.vestibule.StartupSnapshot;
import dev.vestibule.StartupState;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CriticalPathTest {

  @Test
  void whenOverItLeadsBackFromWhatEndedLastToWhatThatWaitedForLongest() {
    StartupSnapshot over =
        Snapshots.of(
            StartupState.COMPLETE,
            900,
            ready("init", 0, 100),
            ready("beans", 0, 600),
            ready("database", 100, 400, "init"),
            ready("services", 600, 900, "database", "beans"),
            ready("aside", 100, 700, "init"));
    assertThat(CriticalPath.of(over, Map.of())).containsExactly("beans", "services");
  }

  @Test
  void whileItRunsWithoutEstimatesMostPhasesStillBeforeDecideThenTheLongestRun() {
    StartupSnapshot now =
        Snapshots.of(
            StartupState.RUNNING,
            500,
            ready("init", 0, 100),
            running("database", 100, "init"),
            running("young", 400),
            pending("services", "young", "database"),
            pending("last", "services"),
            running("alone", 0));
    assertThat(CriticalPath.of(now, Map.of()))
        .containsExactly("init", "database", "services", "last");
  }

  @Test
  void estimatesDecideWhereAllAreKnown() {
    StartupSnapshot now =
        Snapshots.of(
            StartupState.RUNNING,
            500,
            running("a", 0),
            pending("after-a", "a"),
            running("slow", 400));
    Map<String, Estimate> known = Map.of("a", of(10), "after-a", of(20), "slow", of(5_000));
    assertThat(CriticalPath.of(now, known)).containsExactly("slow");
    assertThat(CriticalPath.of(now, Map.of("slow", of(5_000)))).containsExactly("a", "after-a");
  }

  @Test
  void anOptionalPhaseDecidesNothingUnlessARequiredOneWaitsForIt() {
    StartupSnapshot over =
        Snapshots.of(
            StartupState.COMPLETE,
            2_000,
            ready("init", 0, 100),
            optional(ready("cache", 100, 700, "init")),
            ready("database", 100, 400, "init"),
            ready("finalize", 700, 800, "cache", "database"),
            optional(ready("model", 400, 2_000, "database")));
    assertThat(CriticalPath.of(over, Map.of())).containsExactly("init", "cache", "finalize");

    StartupSnapshot now =
        Snapshots.of(
            StartupState.RUNNING,
            900,
            running("database", 0),
            optional(running("model", 100)),
            optional(pending("after-model", "model")));
    assertThat(CriticalPath.of(now, Map.of())).containsExactly("database");

    StartupSnapshot none = Snapshots.of(StartupState.RUNNING, 900, optional(running("model", 100)));
    assertThat(CriticalPath.of(none, Map.of())).containsExactly("model");
  }

  private static PhaseSnapshot optional(PhaseSnapshot it) {
    return new PhaseSnapshot(
        it.name(),
        it.state(),
        it.after(),
        true,
        it.startedAt(),
        it.endedAt(),
        it.attempt(),
        it.failure(),
        it.backAt());
  }

  @Test
  void aFailureIsDecidedByTheFirstRequiredPhaseThatFailed() {
    RuntimeException cause = new RuntimeException();
    StartupSnapshot now =
        Snapshots.of(
            StartupState.FAILED,
            500,
            ready("init", 0, 100),
            failed("late", 0, 800, cause),
            failed("database", 100, 500, cause, "init"),
            ready("long", 0, 900));
    assertThat(CriticalPath.of(now, Map.of())).containsExactly("init", "database");
  }

  @Test
  void nothingDecidesWhatWasClosed() {
    StartupSnapshot closed = Snapshots.of(StartupState.CLOSED, 500, ready("init", 0, 100));
    assertThat(CriticalPath.of(closed, Map.of())).isEmpty();
  }

  private static Estimate of(long millis) {
    Duration in = Duration.ofMillis(millis);
    return new Estimate(in, in, in, 9);
  }
}
