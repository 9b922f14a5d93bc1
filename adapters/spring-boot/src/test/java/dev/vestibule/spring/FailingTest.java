package dev.vestibule.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** What those who wait hear when the application does not start. */
class FailingTest {

  @Test
  void whoWaitsAtTheDoorIsRefusedWhenTheContextFails() throws Exception {
    Broken.knocked = new CountDownLatch(1);
    Running running = Running.start(Broken.class);
    Client client = Client.at(running.port(), "/chat");
    Broken.knocked.countDown();

    assertThat(client.refusal()).isEqualTo(503);
    assertThat(running.failure()).rootCause().hasMessage("broken");
  }

  @Test
  void whoWaitsAtTheGateIsRefusedWhenTheLastStepFails() throws Exception {
    Running running = Running.start(App.class);
    Client client = Client.at(running.port(), "/chat");
    running.lastStep.awaitReached();
    running.awaitWaiting(1);

    running.lastStep.fail();

    assertThat(client.refusal()).isEqualTo(503);
    assertThat(running.failure()).hasMessage("the last step failed");
    assertThat(running.gate().snapshot().refused())
        .containsEntry(dev.vestibule.Reason.STARTUP_FAILED, 1L);
  }

  @Test
  void anotherPortThanTheDoorsIsAMistake() throws Exception {
    Running running = Running.start(App.class, "--server.port=1", "--server.address=127.0.0.2");
    String at = String.valueOf(running.port());
    assertThat(Mistakes.in(running.failure()))
        .isEqualTo(
            List.of(
                "server.port: 1 (expected: " + at + ", where the door is)",
                "server.address: 127.0.0.2 (expected: 127.0.0.1, where the door is)"));
  }

  @Test
  void aRouteThatRequiresAnUnknownPhaseIsAMistake() throws Exception {
    Running running =
        Running.start(
            App.class,
            "--vestibule.routes[0].path=/chat",
            "--vestibule.routes[0].requires=databse");
    assertThat(Mistakes.in(running.failure()))
        .containsExactly("gate: route /chat.requires: databse (expected: one of [application])");
  }

  /** Fails while the context is refreshed, once its client has knocked. */
  @Import(App.class)
  static class Broken {
    static volatile CountDownLatch knocked = new CountDownLatch(1);

    @Bean
    Object broken() throws InterruptedException {
      knocked.await();
      throw new IllegalStateException("broken");
    }
  }
}
