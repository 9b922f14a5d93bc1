package dev.vestibule.chat.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.PhaseState;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** A model that is down, and how it comes back. */
class ModelBreakerTest extends ModelScene {

  @Test
  void errorsOpenTheBreakerAndAProbeClosesIt() throws Exception {
    server.otherwise(ModelScene::fail);
    askInVain("How long did each startup phase take?");

    assertThat(phase()).isEqualTo(PhaseState.DOWN);
    assertThat(ear.text())
        .startsWith(
            "**The model is down**: it reported an error. It is asked again by itself. The built-in"
                + " guide answers in its place.\n\n")
        .contains("| services |");
    assertThat(startup.snapshot().phase("services").state()).isEqualTo(PhaseState.READY);

    // Not even asked.
    ask("Hello again");
    assertThat(server.played).hasSize(3);
    assertThat(ear.text()).startsWith("**The model is down**: it reported an error.");

    // A probe that fails leaves it down.
    time.advance(Model.LEFT_ALONE.plusMillis(1));
    assertThat(server.played).hasSize(4);
    assertThat(phase()).isEqualTo(PhaseState.DOWN);

    server.otherwise(ModelScene::talk);
    time.advance(Model.LEFT_ALONE.plusMillis(1));
    assertThat(server.played).hasSize(5);
    assertThat(phase()).isEqualTo(PhaseState.READY);
    ask("And now?");
    assertThat(ear.text()).isEqualTo("Good evening.");
    assertThat(log.toString()).doesNotContain("\tat ").contains("******");
  }

  private void probe() {
    time.advance(Model.LEFT_ALONE.plusMillis(1));
  }

  private void goDown() throws Exception {
    server.otherwise(ModelScene::fail);
    askInVain("Hello");
    assertThat(phase()).isEqualTo(PhaseState.DOWN);
  }

  @Test
  void aSlowModelComesBackWithItsFirstWord() throws Exception {
    goDown();
    CountDownLatch asked = new CountDownLatch(1);
    Semaphore speak = new Semaphore(0);
    server.otherwise(stage -> {
      asked.countDown();
      speak.acquire();
      stage.say("y");
      stage.stall();
    });
    CountDownLatch probed = new CountDownLatch(1);
    probes =
        task ->
            threads.execute(() -> {
              task.run();
              probed.countDown();
            });
    probe();
    asked.await();
    time.advance(LIMITS.firstToken().minusSeconds(1));
    assertThat(phase()).isEqualTo(PhaseState.DOWN);
    speak.release();
    probed.await();

    assertThat(phase()).isEqualTo(PhaseState.READY);
  }

  @Test
  void aProbeThatSaysNothingInTimeIsAFailure() throws Exception {
    goDown();
    CountDownLatch asked = new CountDownLatch(1);
    server.otherwise(stage -> {
      asked.countDown();
      stage.stall();
    });
    CountDownLatch probed = new CountDownLatch(1);
    probes =
        task ->
            threads.execute(() -> {
              task.run();
              probed.countDown();
            });
    probe();
    asked.await();
    time.advance(LIMITS.firstToken());
    probed.await();

    assertThat(model.state()).isEqualTo(CircuitBreaker.State.OPEN);
    assertThat(phase()).isEqualTo(PhaseState.DOWN);
  }

  @Test
  void a429ToAProbeIsNoFailureAndNoAnswer() throws Exception {
    goDown();
    server.otherwise(stage -> stage.status(429, "{}"));
    probe();
    assertThat(server.played).hasSize(4);
    assertThat(model.state()).isEqualTo(CircuitBreaker.State.HALF_OPEN);
    assertThat(phase()).isEqualTo(PhaseState.DOWN);

    time.advance(Model.LEFT_ALONE.minusMillis(1));
    assertThat(server.played).as("not asked again at once").hasSize(4);
    server.otherwise(ModelScene::talk);
    time.advance(Duration.ofMillis(1));
    assertThat(server.played).hasSize(5);
    assertThat(phase()).isEqualTo(PhaseState.READY);
  }

  @Test
  void whatStaysDownIsLoggedRarely() throws Exception {
    goDown();
    assertThat(lines()).as("a failure, and open").isEqualTo(2);
    for (int i = 0; i < 29; i++) {
      probe();
    }
    assertThat(server.played).hasSize(3 + 29);
    assertThat(lines()).isEqualTo(2);
    probe();
    probe();
    assertThat(lines()).as("each once more in five minutes").isEqualTo(4);
    assertThat(failures).hasSize(1 + 31).containsOnly("error");

    server.otherwise(ModelScene::talk);
    probe();
    assertThat(phase()).isEqualTo(PhaseState.READY);
    assertThat(log.toString()).contains("answers again");
    goDown();
    assertThat(lines()).as("news again").isEqualTo(4 + 1 + 2);
  }

  /** What the log says of failures and of the breaker. */
  private long lines() {
    return log.toString()
        .lines()
        .filter(line -> line.contains("did not answer") || line.contains("}: circuit breaker"))
        .count();
  }
}
