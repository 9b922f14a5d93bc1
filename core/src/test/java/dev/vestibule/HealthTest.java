package dev.vestibule;

import static dev.vestibule.PhaseState.DOWN;
import static dev.vestibule.PhaseState.READY;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vestibule.testkit.ManualTime;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A phase that is watched: down after some times no, back after some times yes. */
class HealthTest {

  private final Logs logs = Logs.capture();
  private final ManualTime time = new ManualTime();
  private final ManualExecutor threads = new ManualExecutor();
  private boolean well = true;
  private int asked;
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
          .scheduler(time)
          .executor(threads)
          .build();

  private boolean ask() throws IOException {
    asked++;
    if (!well) {
      throw new IOException("refused");
    }
    return true;
  }

  private PhaseState state() {
    return startup.snapshot().phase("database").state();
  }

  private void seconds(int count) {
    for (int i = 0; i < count; i++) {
      time.advance(ofSeconds(1));
      threads.runAll();
    }
  }

  private void ready() {
    startup.start();
    startup.signal("database").ready();
  }

  @AfterEach
  void nothingIsLeftBehind() {
    startup.close();
    logs.close();
    assertThat(time.pending()).isZero();
  }

  @Test
  void nobodyAsksBeforeItIsReady() {
    startup.start();
    seconds(10);
    assertThat(asked).isZero();
  }

  @Test
  void someTimesNoMakeItDownAndSomeTimesYesBringItBack() {
    ready();
    seconds(2);
    assertThat(asked).isEqualTo(2);
    well = false;
    seconds(2);
    assertThat(state()).isEqualTo(READY);
    seconds(1);
    assertThat(state()).isEqualTo(DOWN);
    assertThat(logs.warnings()).contains("phase database lost");
    well = true;
    seconds(1);
    assertThat(state()).isEqualTo(DOWN);
    seconds(1);
    assertThat(state()).isEqualTo(READY);
  }

  @Test
  void aSingleYesStartsTheCountAgain() {
    ready();
    for (int i = 0; i < 5; i++) {
      well = false;
      seconds(2);
      well = true;
      seconds(1);
    }
    assertThat(state()).isEqualTo(READY);
  }

  @Test
  void whoGivesNoAnswerSaysNoAgainAndAgain() {
    ready();
    for (int i = 0; i < 3; i++) {
      assertThat(state()).isEqualTo(READY);
      time.advance(ofMillis(1_400));
      // It is not asked a second time while it has not answered.
      assertThat(threads.waiting()).isEqualTo(1);
    }
    assertThat(state()).isEqualTo(DOWN);
    // Its answer comes too late to count; from then on it is asked again.
    threads.runAll();
    assertThat(state()).isEqualTo(DOWN);
    time.advance(ofMillis(200));
    threads.runAll();
    seconds(1);
    assertThat(state()).isEqualTo(READY);
  }

  @Test
  void afterTheEndNobodyAsks() {
    ready();
    seconds(1);
    startup.close();
    int before = asked;
    seconds(5);
    assertThat(asked).isEqualTo(before);
    assertThat(state()).isEqualTo(READY);
  }

  @Test
  void mistakesAreToldTogether() {
    assertThatThrownBy(() ->
            Startup.define()
                .phase(
                    "it",
                    p ->
                        p.signalled()
                            .health(
                                () -> true,
                                h ->
                                    h.every(Duration.ZERO)
                                        .timeout(ofSeconds(-1))
                                        .downAfter(0)
                                        .upAfter(0)))
                .build())
        .hasMessageContaining("phase it.health.every: PT0S (expected: > PT0S")
        .hasMessageContaining("phase it.health.timeout: PT-1S (expected: > PT0S")
        .hasMessageContaining("phase it.health.downAfter: 0 (expected: >= 1)")
        .hasMessageContaining("phase it.health.upAfter: 0 (expected: >= 1)");
  }
}
