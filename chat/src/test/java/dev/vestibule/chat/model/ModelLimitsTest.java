package dev.vestibule.chat.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vestibule.PhaseState;
import dev.vestibule.chat.assistant.BrokenOff;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How long a model may take. */
class ModelLimitsTest extends ModelScene {

  @Test
  void aServerThatDoesNotHangUpAfterTheLastWordIsNotWaitedFor() throws Exception {
    server.next(stage -> {
      stage.say("All ", "of it.");
      stage.raw(
          "data: {\"id\":\"c1\",\"created\":1,\"model\":\"m\",\"object\":\"chat.completion.chunk\","
              + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\" End\"},\"finish_reason\":\"stop\"}]}"
              + "\n\n");
      stage.stall();
    });
    var answer = begin("Hello");
    ear.await("delta  End");
    time.advance(Answering.LAST_WORDS);
    answer.get(60, TimeUnit.SECONDS);

    assertThat(ear.text()).isEqualTo("All of it. End");
  }

  @Test
  void aServerThatIsSilentIsGivenUpAndTheGuideAnswers() throws Exception {
    CountDownLatch stalled = new CountDownLatch(1);
    server.next(stage -> {
      stalled.countDown();
      stage.stall();
    });
    var answer = begin("How long did each startup phase take?");
    stalled.await();
    time.advance(LIMITS.firstToken().minusNanos(1));
    assertThat(answer).isNotDone();
    time.advance(Duration.ofNanos(1));
    answer.get(60, TimeUnit.SECONDS);

    assertThat(ear.text())
        .startsWith("**The model did not answer**: nothing came in time. The built-in guide")
        .contains("| services |");
    assertThat(ear.answering).isEqualTo("guide");
    assertThat(server.played).hasSize(1);
  }

  @Test
  void aServerThatStallsInMidStreamIsGivenUpAndHungUpOn() throws Exception {
    CountDownLatch hungUp = new CountDownLatch(1);
    CountDownLatch givenUp = new CountDownLatch(1);
    server.next(stage -> {
      stage.say("Half ");
      givenUp.await();
      stage.awaitHangUp();
      hungUp.countDown();
    });
    var answer = begin("Hello");
    ear.await("delta Half");
    time.advance(LIMITS.betweenTokens());

    assertThatThrownBy(() -> answer.get(60, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(BrokenOff.class)
        .hasMessageStartingWith("**The model broke off here**: nothing more came in time.");
    givenUp.countDown();
    hungUp.await();
    assertThat(server.played).as("no retry after a token").hasSize(1);
  }

  @Test
  void anAnswerThatNeverEndsIsEnded() throws Exception {
    Semaphore words = new Semaphore(0);
    server.next(stage -> {
      while (true) {
        words.acquire();
        stage.say("on ");
      }
    });
    var answer = begin("Hello");
    Duration often = Duration.ofSeconds(15);
    for (long told = 0; told < LIMITS.answer().dividedBy(often); told++) {
      assertThat(answer).isNotDone();
      words.release();
      ear.await("delta on");
      time.advance(often);
    }

    assertThatThrownBy(() -> answer.get(60, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(BrokenOff.class)
        .hasMessageContaining("the answer took too long");
    assertThat(phase()).isEqualTo(PhaseState.READY);
  }
}
