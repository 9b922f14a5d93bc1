package dev.vestibule;

import static dev.vestibule.PhaseState.CANCELLED;
import static dev.vestibule.PhaseState.FAILED;
import static dev.vestibule.PhaseState.PENDING;
import static dev.vestibule.PhaseState.READY;
import static dev.vestibule.PhaseState.RUNNING;
import static dev.vestibule.PhaseState.SKIPPED;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.vestibule.testkit.ManualTime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Startup as its users see it: order, degradation, completion, the picture. */
class StartupTest {

  private final Logs logs = Logs.capture();
  private final ManualTime time = new ManualTime();
  private final ManualExecutor threads = new ManualExecutor();
  private final List<String> seen = new ArrayList<>();

  @AfterEach
  void restoreLogging() {
    logs.close();
    assertThat(time.pending()).isZero();
  }

  private StartupBuilder define() {
    return Startup.define().ticker(time).scheduler(time).executor(threads);
  }

  private static PhaseState state(Startup startup, String phase) {
    return startup.snapshot().phase(phase).state();
  }

  @Test
  void independentPhasesRunAtTheSameTime() throws Exception {
    CyclicBarrier together = new CyclicBarrier(2);
    Startup startup =
        Startup.define()
            .phase("a", p -> p.run(() -> together.await(10, TimeUnit.SECONDS)))
            .phase("b", p -> p.run(() -> together.await(10, TimeUnit.SECONDS)))
            .build();

    startup.start();

    startup.await("a");
    startup.await("b");
  }

  @Test
  void aPhaseBeginsWhenAllThatItComesAfterAreReady() {
    Startup startup =
        define()
            .phase("c", p -> p.run(() -> seen.add("c")).after("a", "b"))
            .phase("a", p -> p.run(() -> seen.add("a")))
            .phase("b", p -> p.run(() -> seen.add("b")))
            .build();

    startup.start();
    assertThat(threads.waiting()).isEqualTo(2);
    threads.runOne();
    assertThat(state(startup, "c")).isEqualTo(PENDING);
    threads.runOne();
    assertThat(state(startup, "c")).isEqualTo(RUNNING);
    threads.runAll();

    assertThat(seen).containsExactly("a", "b", "c");
    assertThat(startup.snapshot().state()).isEqualTo(StartupState.COMPLETE);
  }

  @Test
  void aRequiredFailureFailsStartupAtOnceAndSkipsWhatNeedsItAndNothingElse() {
    Startup startup =
        define()
            .phase("a", p -> p.signalled())
            .phase("needs", p -> p.signalled().after("a"))
            .phase("deeper", p -> p.signalled().after("needs"))
            .phase("other", p -> p.signalled())
            .phase("later", p -> p.signalled().after("other"))
            .build();
    startup.start();

    startup.signal("a").failed(new IOException("boom"));

    assertThat(startup.snapshot().state()).isEqualTo(StartupState.FAILED);
    assertThat(state(startup, "a")).isEqualTo(FAILED);
    assertThat(state(startup, "needs")).isEqualTo(SKIPPED);
    assertThat(state(startup, "deeper")).isEqualTo(SKIPPED);
    assertThat(state(startup, "other")).isEqualTo(RUNNING);
    startup.signal("other").ready();
    startup.signal("later").ready();
    assertThat(state(startup, "later")).isEqualTo(READY);
    assertThat(startup.snapshot().state()).isEqualTo(StartupState.FAILED);
  }

  @Test
  void anOptionalFailureDegradesAndItsDependentsStillRun() {
    Startup startup =
        define()
            .phase("cache", p -> p.signalled().optional())
            .phase("services", p -> p.signalled().after("cache"))
            .build();
    startup.start();

    startup.signal("cache").failed(new IOException("boom"));
    assertThat(startup.snapshot().state()).isEqualTo(StartupState.RUNNING);
    assertThat(state(startup, "services")).isEqualTo(RUNNING);
    startup.signal("services").ready();

    assertThat(startup.snapshot().state()).isEqualTo(StartupState.DEGRADED);
    assertThat(startup.snapshot().state().isComplete()).isTrue();
    assertThat(startup.snapshot().failure().orElseThrow().phase()).isEqualTo("cache");
  }

  @Test
  void anOptionalPhaseThatIsDownKeepsNobodyFromBeginning() {
    Startup startup =
        define()
            .phase("cache", p -> p.signalled().optional())
            .phase("database", p -> p.signalled())
            .phase("services", p -> p.signalled().after("cache", "database"))
            .build();
    startup.start();
    startup.signal("cache").ready();
    startup.signal("cache").lost(new IOException("boom"));

    startup.signal("database").ready();

    assertThat(state(startup, "services")).isEqualTo(RUNNING);
  }

  @Test
  void aRequiredPhaseThatIsDownKeepsItsDependentsWaiting() {
    Startup startup =
        define()
            .phase("a", p -> p.signalled())
            .phase("b", p -> p.signalled())
            .phase("c", p -> p.signalled().after("a", "b"))
            .build();
    startup.start();
    startup.signal("a").ready();
    startup.signal("a").lost(new IOException("boom"));
    startup.signal("b").ready();
    assertThat(state(startup, "c")).isEqualTo(PENDING);

    startup.signal("a").regained();

    assertThat(state(startup, "c")).isEqualTo(RUNNING);
  }

  @Test
  void completionTellsThePictureInWhichStartupWasOver() throws Exception {
    Startup startup = define().phase("a", p -> p.signalled()).build();
    assertThat(startup.completion().toCompletableFuture()).isNotDone();
    startup.start();
    time.advance(ofSeconds(2));
    startup.signal("a").ready();
    startup.close();

    StartupSnapshot end = startup.completion().toCompletableFuture().get(10, TimeUnit.SECONDS);
    assertThat(end.state()).isEqualTo(StartupState.COMPLETE);
    assertThat(end.elapsed()).isEqualTo(ofSeconds(2));
  }

  @Test
  void completionMayCloseStartup() {
    Startup startup = define().phase("a", p -> p.signalled()).build();
    startup.completion().thenRun(startup::close);
    startup.start();
    startup.signal("a").ready();

    assertThat(startup.snapshot().state()).isEqualTo(StartupState.CLOSED);
    assertThat(state(startup, "a")).isEqualTo(READY);
  }

  @Test
  void awaitReturnsOnceReadyAndThrowsTheCauseOtherwise() throws Exception {
    IOException boom = new IOException("boom");
    Startup startup =
        define()
            .phase("a", p -> p.signalled())
            .phase("b", p -> p.signalled())
            .phase("c", p -> p.signalled().after("b"))
            .build();
    startup.start();
    startup.signal("a").ready();
    startup.signal("b").failed(boom);

    startup.await("a");
    assertThatIllegalStateException()
        .isThrownBy(() -> startup.await("b"))
        .withMessage("phase b: FAILED (expected: READY)")
        .withCause(boom);
    assertThatIllegalStateException()
        .isThrownBy(() -> startup.await("c"))
        .withMessage("phase c: SKIPPED (expected: READY)");
  }

  @Test
  void awaitIsWokenFromAnotherThread() throws Exception {
    Startup startup = define().phase("a", p -> p.signalled()).build();
    startup.start();
    CountDownLatch woken = new CountDownLatch(1);
    Thread waiting =
        new Thread(() -> {
          try {
            startup.await("a");
            woken.countDown();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    waiting.start();
    startup.signal("a").ready();

    assertThat(woken.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void startingTwiceIsAMistake() {
    Startup startup = define().phase("a", p -> p.signalled()).build();
    startup.start();

    assertThatIllegalStateException()
        .isThrownBy(startup::start)
        .withMessage("startup: started twice (expected: once)");
    startup.signal("a").ready();
    assertThat(state(startup, "a")).isEqualTo(READY);
  }

  @Test
  void closedBeforeItWasStartedItNeverRuns() {
    Startup startup = define().phase("a", p -> p.run(() -> seen.add("a"))).build();
    startup.close();
    startup.start();
    startup.close();

    assertThat(threads.taken()).isZero();
    assertThat(state(startup, "a")).isEqualTo(CANCELLED);
    assertThat(startup.snapshot().state()).isEqualTo(StartupState.CLOSED);
    assertThat(startup.snapshot().elapsed()).isZero();
    assertThat(startup.completion().toCompletableFuture()).isDone();
  }

  @Test
  void closingCancelsWhatHasNotSettledAndEndsItsWaitsWithALine() {
    Startup startup =
        define()
            .phase("done", p -> p.signalled())
            .phase("waits", p -> p.signalled().timeout(ofSeconds(9)))
            .phase("asks", p -> p.probed(() -> false))
            .phase("later", p -> p.signalled().after("waits"))
            .build();
    startup.start();
    threads.runAll();
    startup.signal("done").ready();
    time.advance(ofMillis(50));

    startup.close();

    assertThat(state(startup, "done")).isEqualTo(READY);
    assertThat(state(startup, "waits")).isEqualTo(CANCELLED);
    assertThat(state(startup, "asks")).isEqualTo(CANCELLED);
    assertThat(state(startup, "later")).isEqualTo(CANCELLED);
    assertThat(logs.waits())
        .containsExactly(
            "Signal wait completed successfully: strategy=signal phase=done outcome=ready"
                + " elapsed=0.000 s polls=0",
            "Signal wait ended: strategy=signal phase=waits outcome=cancelled"
                + " elapsed=0.050 s polls=0",
            "Fixed-interval wait ended: strategy=fixed phase=asks outcome=cancelled"
                + " elapsed=0.050 s polls=1");
  }

  @Test
  void theTimelineIsJson() {
    Startup startup =
        define()
            .phase("a\"\\\n\u0001\ud83d", p -> p.signalled().optional())
            .phase("b", p -> p.run(() -> {}).after("a\"\\\n\u0001\ud83d"))
            .build();
    assertThat(startup.snapshot().toJson())
        .startsWith("{\"state\":\"RUNNING\",\"elapsedMillis\":0.000,\"phases\":[");
    startup.start();
    time.advance(ofMillis(12).plusNanos(345_600));
    startup.signal("a\"\\\n\u0001\ud83d").ready();
    time.advance(ofMillis(1));

    assertThat(startup.snapshot().toJson())
        .isEqualTo(
            "{\"state\":\"RUNNING\",\"elapsedMillis\":13.346,\"phases\":["
                + "{\"name\":\"a\\\"\\\\\\u000a\\u0001\\ud83d\",\"state\":\"READY\",\"after\":[],"
                + "\"optional\":true,\"startedMillis\":0.000,\"endedMillis\":12.346,"
                + "\"attempt\":1},"
                + "{\"name\":\"b\",\"state\":\"RUNNING\",\"after\":"
                + "[\"a\\\"\\\\\\u000a\\u0001\\ud83d\"],"
                + "\"optional\":false,\"startedMillis\":12.346,\"endedMillis\":null,"
                + "\"attempt\":1}]}");
  }

  @Test
  void theTimelineTellsNoCauses() {
    Startup startup = define().phase("a", p -> p.signalled()).build();
    startup.start();
    startup.signal("a").failed(new IOException("password=hunter2"));

    assertThat(startup.snapshot().toJson()).doesNotContain("hunter2").contains("FAILED");
  }

  @Test
  void aSnapshotDoesNotChange() {
    Startup startup = define().phase("a", p -> p.signalled()).build();
    StartupSnapshot before = startup.snapshot();
    startup.start();
    startup.signal("a").ready();

    assertThat(before.phase("a").state()).isEqualTo(PENDING);
    assertThat(before.elapsed()).isZero();
    assertThat(before.version()).isZero();
  }
}
