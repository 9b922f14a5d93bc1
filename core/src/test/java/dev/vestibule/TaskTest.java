package dev.vestibule;

import static dev.vestibule.PhaseState.CANCELLED;
import static dev.vestibule.PhaseState.FAILED;
import static dev.vestibule.PhaseState.READY;
import static dev.vestibule.PhaseState.RUNNING;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.testkit.ManualTime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Phases with a task: attempts, time limits, interrupts, and what can go wrong with threads. */
class TaskTest {

  private final Logs logs = Logs.capture();
  private final ManualTime time = new ManualTime();
  private final ManualExecutor threads = new ManualExecutor();
  private final List<Integer> attempts = new ArrayList<>();

  @AfterEach
  void restoreLogging() {
    logs.close();
    assertThat(time.pending()).isZero();
  }

  private StartupBuilder define() {
    return Startup.define().ticker(time).scheduler(time).executor(threads);
  }

  private static PhaseSnapshot it(Startup startup) {
    return startup.snapshot().phase("it");
  }

  @Test
  void aFailureIsTriedAgainAfterItsDelayAndThenGivenUp() {
    Startup startup =
        define()
            .phase(
                "it",
                p ->
                    p.run(
                            () -> {
                              attempts.add(1);
                              throw new IOException("refused", new IOException("port closed"));
                            })
                        .retries(2, ofSeconds(1)))
            .build();
    startup.start();
    threads.runAll();
    assertThat(it(startup).state()).isEqualTo(RUNNING);
    assertThat(it(startup).attempt()).isEqualTo(1);
    time.advance(ofMillis(999));
    assertThat(threads.waiting()).isZero();
    time.advance(ofMillis(1));
    assertThat(it(startup).attempt()).isEqualTo(2);
    threads.runAll();
    time.advance(ofSeconds(1));
    assertThat(it(startup).attempt()).isEqualTo(3);
    assertThat(startup.snapshot().version()).isEqualTo(1);
    threads.runAll();

    assertThat(attempts).hasSize(3);
    assertThat(it(startup).state()).isEqualTo(FAILED);
    PhaseFailure failure = startup.snapshot().failure().orElseThrow();
    assertThat(failure.attempt()).isEqualTo(3);
    assertThat(failure.elapsed()).isEqualTo(ofSeconds(2));
    assertThat(failure.rootCause()).hasMessage("port closed");
    assertThat(failure)
        .hasToString(
            "phase it failed in attempt 3 of 3, 2.000 s after it began:"
                + " java.io.IOException: port closed");
    assertThat(logs.warnings())
        .containsExactly(
            "phase it: attempt 1 of 3 failed, again in 1.000 s: java.io.IOException: refused",
            "phase it: attempt 2 of 3 failed, again in 1.000 s: java.io.IOException: refused",
            failure.toString(),
            "startup FAILED after 2.000 s");
  }

  @Test
  void aLaterAttemptMayEndWell() {
    Startup startup =
        define()
            .phase(
                "it",
                p ->
                    p.run(
                            () -> {
                              attempts.add(1);
                              if (attempts.size() < 2) {
                                throw new IOException("refused");
                              }
                            })
                        .timeout(ofSeconds(5))
                        .retries(4, ofSeconds(1)))
            .build();
    startup.start();
    threads.runAll();
    time.advance(ofSeconds(1));
    threads.runAll();

    assertThat(it(startup).state()).isEqualTo(READY);
    assertThat(it(startup).attempt()).isEqualTo(2);
    assertThat(it(startup).endedAt()).isEqualTo(ofSeconds(1));
  }

  @Test
  void theTimeLimitIsPerAttempt() {
    Startup startup =
        define()
            .phase("it", p -> p.run(() -> {}).timeout(ofSeconds(3)).retries(1, ofSeconds(1)))
            .build();
    startup.start();
    time.advance(ofSeconds(3));
    assertThat(it(startup).state()).isEqualTo(RUNNING);
    time.advance(ofSeconds(3));
    assertThat(it(startup).attempt()).isEqualTo(2);
    assertThat(it(startup).state()).isEqualTo(RUNNING);
    time.advance(ofSeconds(1));

    assertThat(it(startup).state()).isEqualTo(FAILED);
    PhaseFailure failure = startup.snapshot().failure().orElseThrow();
    assertThat(failure.cause())
        .isInstanceOf(TimeoutException.class)
        .hasMessage("not done within 3.000 s");
    assertThat(failure.elapsed()).isEqualTo(ofSeconds(7));
    // Interrupted before they began, the queued attempts do nothing.
    logs.clear();
    threads.runAll();
    assertThat(logs.warnings()).isEmpty();
  }

  @Test
  void aTaskIsInterruptedWhenItsTimeIsUp() throws Exception {
    Interruptible task = new Interruptible();
    Startup startup =
        Startup.define()
            .phase("it", p -> p.run(task).timeout(ofSeconds(3)))
            .ticker(time)
            .scheduler(time)
            .build();
    startup.start();
    task.awaitBegun();

    time.advance(ofSeconds(3));

    task.awaitInterrupted();
    assertThat(it(startup).state()).isEqualTo(FAILED);
    time.advance(ofSeconds(1));
  }

  @Test
  void aTaskIsInterruptedWhenStartupIsClosed() throws Exception {
    Interruptible task = new Interruptible();
    Startup startup =
        Startup.define()
            .phase("it", p -> p.run(task).timeout(ofSeconds(3)).retries(3, ofSeconds(1)))
            .ticker(time)
            .scheduler(time)
            .build();
    startup.start();
    task.awaitBegun();

    startup.close();

    task.awaitInterrupted();
    assertThat(it(startup).state()).isEqualTo(CANCELLED);
    time.advance(ofSeconds(1));
  }

  @Test
  void aTaskThatIgnoresItsInterruptIsAbandonedAndNamed() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    Startup startup =
        Startup.define()
            .phase(
                "it",
                p ->
                    p.run(
                            () -> {
                              begun.countDown();
                              while (mayEnd.getCount() > 0) {
                                LockSupport.park();
                              }
                            })
                        .timeout(ofSeconds(3)))
            .executor(task ->
                new Thread(
                        () -> {
                          task.run();
                          ended.countDown();
                        },
                        "stubborn")
                    .start())
            .ticker(time)
            .scheduler(time)
            .build();
    startup.start();
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

    time.advance(ofSeconds(4));
    assertThat(logs.warnings())
        .contains("phase it: attempt 1 ignores its interrupt and is abandoned on thread stubborn");

    logs.clear();
    mayEnd.countDown();
    assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(it(startup).state()).isEqualTo(FAILED);
    assertThat(logs.warnings())
        .containsExactly(
            "phase it is FAILED: attempt 1 ended well, 1.000 s after it was settled; ignored");
  }

  @Test
  void aPoolsThreadIsGivenBackWithoutOurInterrupt() {
    Startup[] startup = new Startup[1];
    startup[0] =
        define()
            .phase(
                "it",
                p ->
                    p.run(() -> {
                      startup[0].close();
                      assertThat(Thread.currentThread().isInterrupted()).isTrue();
                    }))
            .build();
    startup[0].start();

    threads.runAll();

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    time.advance(ofSeconds(1));
    assertThat(logs.warnings()).noneMatch(line -> line.contains("abandoned"));
  }

  @Test
  void anErrorFailsThePhaseAsAnyThrowableDoes() {
    Startup startup =
        define()
            .phase(
                "it",
                p ->
                    p.run(() -> {
                      throw new NoClassDefFoundError("gone");
                    }))
            .build();
    startup.start();
    threads.runAll();

    assertThat(it(startup).state()).isEqualTo(FAILED);
    assertThat(startup.snapshot().failure().orElseThrow().cause())
        .isInstanceOf(NoClassDefFoundError.class);
  }

  @Test
  void anExecutorThatRejectsFailsThePhaseAndTheOthersGoOn() {
    ManualExecutor[] pool = {threads};
    Startup startup =
        define()
            .phase("it", p -> p.run(() -> {}))
            .phase("other", p -> p.signalled())
            .executor(task -> pool[0].execute(task))
            .build();
    threads.close();

    startup.start();

    assertThat(it(startup).state()).isEqualTo(FAILED);
    assertThat(startup.snapshot().failure().orElseThrow().cause())
        .isInstanceOf(RejectedExecutionException.class);
    assertThat(startup.snapshot().phase("other").state()).isEqualTo(RUNNING);
    assertThat(startup.completion().toCompletableFuture()).isDone();
  }

  @Test
  void aSchedulerThatRejectsFailsThePhaseThatNeedsItAlone() {
    Startup startup =
        Startup.define()
            .phase("it", p -> p.signalled().timeout(ofSeconds(1)))
            .phase("other", p -> p.signalled())
            .ticker(time)
            .scheduler((task, delay) -> {
              throw new RejectedExecutionException("closed");
            })
            .build();

    startup.start();

    assertThat(it(startup).state()).isEqualTo(FAILED);
    assertThat(startup.snapshot().phase("other").state()).isEqualTo(RUNNING);
  }

  @Test
  void closingBetweenTwoAttemptsTakesTheNextOneBack() {
    Startup startup =
        define()
            .phase(
                "it",
                p ->
                    p.run(
                            () -> {
                              throw new IOException("refused");
                            })
                        .retries(5, ofSeconds(60)))
            .build();
    startup.start();
    threads.runAll();
    assertThat(time.pending()).isOne();

    startup.close();

    assertThat(time.pending()).isZero();
    assertThat(it(startup).state()).isEqualTo(CANCELLED);
  }

  @Test
  void anotherAttemptsLateEndDoesNotCount() {
    Startup startup =
        define()
            .phase(
                "it",
                p -> p.run(() -> attempts.add(1)).timeout(ofSeconds(1)).retries(1, ofSeconds(1)))
            .build();
    startup.start();
    time.advance(ofSeconds(2));
    // The first attempt, interrupted in the queue, ends beside the second.
    threads.runOne();
    assertThat(it(startup).state()).isEqualTo(RUNNING);
    threads.runOne();

    assertThat(it(startup).state()).isEqualTo(READY);
    assertThat(attempts).hasSize(1);
  }

  @Test
  void aCauseThatLeadsBackToItselfIsFollowedOnlySoFar() {
    IOException a = new IOException("a");
    IOException b = new IOException("b", a);
    a.initCause(b);

    assertThat(new PhaseFailure("it", 1, 1, ofSeconds(1), a).rootCause()).isIn(a, b);
  }

  /** Waits until it is interrupted. */
  private static final class Interruptible implements PhaseTask {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);

    @Override
    public void run() throws InterruptedException {
      begun.countDown();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        interrupted.countDown();
        throw e;
      }
    }

    void awaitBegun() throws InterruptedException {
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    }

    void awaitInterrupted() throws InterruptedException {
      assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }
}
