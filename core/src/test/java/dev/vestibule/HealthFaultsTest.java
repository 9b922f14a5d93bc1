package dev.vestibule;

import static dev.vestibule.PhaseState.DOWN;
import static dev.vestibule.PhaseState.READY;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.testkit.ManualTime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A watch meets probes that hang, signals from elsewhere, and a scheduler that is full. */
class HealthFaultsTest {

  private final Logs logs = Logs.capture();
  private final ManualTime time = new ManualTime();
  private final ManualExecutor threads = new ManualExecutor();
  private boolean schedulerFull;
  private boolean well = true;
  private int asking;
  private int mostAsking;
  private Runnable during = () -> {};
  private final Startup startup =
      Startup.define()
          .phase(
              "database",
              p ->
                  p.signalled()
                      .health(
                          this::ask,
                          h ->
                              h.every(ofSeconds(1)).timeout(ofMillis(400)).downAfter(3).upAfter(2)))
          .ticker(time)
          .scheduler((task, delay) -> {
            if (schedulerFull) {
              throw new RejectedExecutionException("full");
            }
            return time.schedule(task, delay);
          })
          .executor(threads)
          .build();

  private boolean ask() throws IOException {
    asking++;
    mostAsking = Math.max(mostAsking, asking);
    Runnable now = during;
    during = () -> {};
    now.run();
    asking--;
    if (!well) {
      throw new IOException("refused");
    }
    return true;
  }

  private PhaseState state() {
    return startup.snapshot().phase("database").state();
  }

  private void seconds(int count) {
    // In steps that are shorter than the time of an answer, for whoever is asked in between.
    for (int i = 0; i < 5 * count; i++) {
      time.advance(ofMillis(200));
      threads.runAll();
    }
  }

  private void ready() {
    startup.start();
    startup.signal("database").ready();
  }

  @AfterEach
  void end() {
    startup.close();
    logs.close();
    Thread.interrupted();
  }

  /** Probe: "never twice at the same time", until it is abandoned. */
  @Test
  void aProbeThatIgnoresItsInterruptIsNotAskedASecondTimeForTenIntervals() {
    ready();
    during = () -> seconds(10);
    seconds(1);
    assertThat(mostAsking).isEqualTo(1);
    assertThat(abandonments()).isEmpty();
  }

  @Test
  void thenItIsAbandonedAndAnotherIsAsked() {
    ready();
    List<PhaseState> seen = new ArrayList<>();
    during =
        () -> {
          seconds(10);
          seen.add(state());
          seconds(2);
          seen.add(state());
        };
    seconds(1);
    assertThat(seen).containsExactly(DOWN, READY);
    assertThat(mostAsking).isEqualTo(2);
    assertThat(abandonments())
        .containsExactly(
            "phase database: a question to its probe is overdue 10 times and abandoned;"
                + " another is asked");
  }

  @Test
  void soManyAreAbandonedAndNoMore() {
    ready();
    Runnable hangs = () -> seconds(60);
    during = () -> hangWhile(() -> hangWhile(() -> hangWhile(hangs)));
    seconds(1);
    assertThat(mostAsking).isEqualTo(4);
    assertThat(abandonments())
        .hasSize(4)
        .last()
        .asString()
        .endsWith("3 are abandoned already; another is asked when one of them has ended");
    // All have ended, and the watch goes on.
    seconds(2);
    assertThat(state()).isEqualTo(READY);
    during = () -> seconds(12);
    seconds(1);
    assertThat(mostAsking).isEqualTo(4);
    assertThat(abandonments()).hasSize(5);
  }

  /** Until another is asked beside it, which does that in its turn. */
  private void hangWhile(Runnable next) {
    during = next;
    seconds(11);
    during = () -> {};
  }

  private List<String> abandonments() {
    return logs.warnings().stream().filter(line -> line.contains("overdue")).toList();
  }

  /** What was counted against READY does not count against DOWN. */
  @Test
  void timesNoDoNotCountAsTimesYesWhenSomebodyElseLostIt() {
    ready();
    well = false;
    seconds(2);
    assertThat(state()).isEqualTo(READY);
    startup.signal("database").lost(new IOException("cut"));
    well = true;
    seconds(1);
    assertThat(state()).as("after one yes of two").isEqualTo(DOWN);
  }

  /** The same the other way round. */
  @Test
  void timesYesDoNotCountAsTimesNoWhenSomebodyElseRegainedIt() {
    ready();
    startup.signal("database").lost(new IOException("cut"));
    seconds(1);
    startup.signal("database").regained();
    well = false;
    seconds(2);
    assertThat(state()).as("after two no of three").isEqualTo(READY);
  }

  /** A scheduler that refuses once ends the watch for good, and nobody hears of it. */
  @Test
  void aSchedulerThatRefusesOnceIsAtLeastLogged() {
    ready();
    schedulerFull = true;
    seconds(1);
    schedulerFull = false;
    well = false;
    seconds(10);
    assertThat(state() == DOWN || !logs.warnings().isEmpty())
        .as("it is still watched, or somebody is told that it is not")
        .isTrue();
  }
}
