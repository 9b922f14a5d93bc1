package dev.vestibule;

import static dev.vestibule.PhaseState.FAILED;
import static dev.vestibule.PhaseState.READY;
import static dev.vestibule.PhaseState.RUNNING;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.vestibule.testkit.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The three ways of learning that something is ready, and phases that ask. */
class ReadinessStrategyTest {

  private final Logs logs = Logs.capture();
  private final ManualTime time = new ManualTime();
  private final ManualExecutor threads = new ManualExecutor();
  private final List<Long> askedAt = new ArrayList<>();
  private final long origin = time.read();
  private boolean ready;

  @AfterEach
  void restoreLogging() {
    logs.close();
    assertThat(time.pending()).isZero();
  }

  @Test
  void progressiveGoesAStepFurtherOnceMoreThanTenPollsSawTheSamePhase() {
    ReadinessStrategy.Polls polls = ReadinessStrategy.progressive().begin();

    assertThat(IntStream.range(0, 20).mapToLong(i -> polls.next("services").toMillis()))
        .containsExactly(
            50L, 50L, 50L, 50L, 50L, 50L, 50L, 50L, 50L, 50L, // ten polls of patience
            100L, 200L, 500L, 1000L, 1500L, 2000L, 2000L, 2000L, 2000L, 2000L);
  }

  @Test
  void progressiveCountsAnewWhenThePhaseChangesButKeepsItsStep() {
    ReadinessStrategy.Polls polls = ReadinessStrategy.progressive().begin();
    IntStream.range(0, 12).forEach(i -> polls.next("database"));

    assertThat(IntStream.range(0, 12).mapToLong(i -> polls.next("services").toMillis()))
        .containsExactly(
            200L, 200L, 200L, 200L, 200L, 200L, 200L, 200L, 200L, 200L, // patience again
            500L, 1000L);
  }

  @Test
  void eachWaitHasItsOwnDelays() {
    ReadinessStrategy strategy = ReadinessStrategy.progressive();
    ReadinessStrategy.Polls one = strategy.begin();
    IntStream.range(0, 15).forEach(i -> one.next("services"));

    assertThat(strategy.begin().next("services")).isEqualTo(ofMillis(50));
  }

  @Test
  void fixedIsBoundedByTimeoutOverIntervalTimesOnePointTwo() {
    ReadinessStrategy fixed = ReadinessStrategy.fixed(ofMillis(100));

    assertThat(fixed.begin().next("a")).isEqualTo(ofMillis(100));
    assertThat(fixed.mostPolls(ofSeconds(8))).isEqualTo(96);
    assertThat(fixed.mostPolls(ofMillis(1))).isEqualTo(1);
    assertThat(ReadinessStrategy.fixed(ofMillis(1)).mostPolls(Duration.ofDays(365))).isPositive();
  }

  @Test
  void anIntervalBelowAMillisecondIsAMistake() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ReadinessStrategy.fixed(Duration.ofNanos(999_999)))
        .withMessage("interval: PT0.000999999S (expected: >= PT0.001S)");
  }

  @Test
  void namesAreThoseOfTheConfiguration() {
    assertThat(ReadinessStrategy.signal().name()).isEqualTo("signal");
    assertThat(ReadinessStrategy.fixed(ofMillis(5)).name()).isEqualTo("fixed");
    assertThat(ReadinessStrategy.progressive().name()).isEqualTo("progressive");
  }

  private Startup asking(Probe probe, ReadinessStrategy strategy, Duration timeout) {
    Startup startup =
        Startup.define()
            .phase("it", p -> p.probed(probe).strategy(strategy).timeout(timeout))
            .ticker(time)
            .scheduler(time)
            .executor(threads)
            .build();
    startup.start();
    return startup;
  }

  private boolean ask() {
    askedAt.add((time.read() - origin) / 1_000_000);
    return ready;
  }

  private void pass(Duration duration) {
    threads.runAll();
    for (long i = 0; i < duration.toMillis(); i++) {
      time.advance(ofMillis(1));
      threads.runAll();
    }
  }

  private static PhaseSnapshot it(Startup startup) {
    return startup.snapshot().phase("it");
  }

  @Test
  void aProbeIsAskedAtTheIntervalUntilItSaysYes() {
    Startup startup = asking(this::ask, ReadinessStrategy.fixed(ofMillis(100)), ofSeconds(8));
    pass(ofMillis(250));
    assertThat(it(startup).state()).isEqualTo(RUNNING);
    ready = true;
    pass(ofMillis(250));

    assertThat(it(startup).state()).isEqualTo(READY);
    assertThat(askedAt).containsExactly(0L, 100L, 200L, 300L);
    assertThat(logs.waits())
        .containsExactly(
            "Fixed-interval wait completed successfully: strategy=fixed phase=it outcome=ready"
                + " elapsed=0.300 s polls=4");
  }

  @Test
  void progressiveAsksLessAndLess() {
    Startup startup = asking(this::ask, ReadinessStrategy.progressive(), ofSeconds(8));
    pass(ofMillis(2500));
    ready = true;
    pass(ofMillis(1500));

    assertThat(askedAt)
        .containsExactly(
            0L, 50L, 100L, 150L, 200L, 250L, 300L, 350L, 400L, 450L, 500L, 600L, 800L, 1300L, 2300L,
            3800L);
    assertThat(it(startup).state()).isEqualTo(READY);
    assertThat(logs.waits())
        .containsExactly(
            "Progressive wait completed successfully: strategy=progressive phase=it outcome=ready"
                + " elapsed=3.800 s polls=16");
  }

  @Test
  void aProbeThatNeverSaysYesRunsOutOfTimeAndItsLastExceptionIsTheCause() {
    Startup startup =
        asking(
            () -> {
              throw new IOException("connection refused");
            },
            ReadinessStrategy.fixed(ofMillis(100)),
            ofSeconds(1));
    pass(ofSeconds(1));

    assertThat(it(startup).state()).isEqualTo(FAILED);
    PhaseFailure failure = startup.snapshot().failure().orElseThrow();
    assertThat(failure.cause()).hasMessage("not ready within 1.000 s");
    assertThat(failure.rootCause()).hasMessage("connection refused");
    assertThat(logs.waits())
        .containsExactly(
            "Fixed-interval wait ended: strategy=fixed phase=it outcome=timed out"
                + " elapsed=1.000 s polls=10");
  }

  @Test
  void pollsAreBoundedEvenIfTheClockStands() {
    ManualTime timers = new ManualTime();
    Startup startup =
        Startup.define()
            .phase(
                "it",
                p ->
                    p.probed(this::ask)
                        .strategy(ReadinessStrategy.fixed(ofMillis(100)))
                        .timeout(ofSeconds(1)))
            .ticker(time)
            // The timeout never comes; polls do.
            .scheduler((task, delay) ->
                timers.schedule(task, delay.equals(ofSeconds(1)) ? ofSeconds(100) : delay))
            .executor(Runnable::run)
            .build();
    startup.start();
    timers.advance(ofSeconds(90));

    assertThat(askedAt).hasSize(12);
    assertThat(startup.snapshot().failure().orElseThrow().cause())
        .hasMessage("not ready after 12 polls");
    assertThat(timers.pending()).isZero();
  }

  @Test
  void aQuestionThatHangsIsNotAskedAgainAndTimesOut() {
    Startup startup = asking(this::ask, ReadinessStrategy.fixed(ofMillis(100)), ofSeconds(1));
    time.advance(ofMillis(999));
    assertThat(threads.taken()).isOne();
    time.advance(ofMillis(1));

    assertThat(it(startup).state()).isEqualTo(FAILED);
    threads.runAll();
    assertThat(askedAt).isEmpty();
  }

  @Test
  void aSignalWaitEndsInALine() {
    Startup startup =
        Startup.define()
            .phase("it", p -> p.signalled().timeout(ofSeconds(3)))
            .ticker(time)
            .scheduler(time)
            .build();
    startup.start();
    time.advance(ofSeconds(3));

    assertThat(it(startup).state()).isEqualTo(FAILED);
    assertThat(startup.snapshot().failure().orElseThrow().cause())
        .hasMessage("not told within 3.000 s");
    assertThat(logs.waits())
        .containsExactly(
            "Signal wait ended: strategy=signal phase=it outcome=timed out"
                + " elapsed=3.000 s polls=0");
  }

  @Test
  void aProbedPhaseAsksEveryHundredMillisecondsUnlessToldOtherwise() {
    Startup startup =
        Startup.define()
            .phase("it", p -> p.probed(this::ask))
            .ticker(time)
            .scheduler(time)
            .executor(threads)
            .build();
    startup.start();
    pass(ofMillis(200));

    assertThat(askedAt).containsExactly(0L, 100L, 200L);
    startup.close();
  }
}
