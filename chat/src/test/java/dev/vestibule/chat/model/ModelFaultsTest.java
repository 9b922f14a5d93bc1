package dev.vestibule.chat.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vestibule.PhaseState;
import dev.vestibule.chat.assistant.BrokenOff;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model that is silent, cut, wrong or not there. */
class ModelFaultsTest extends ModelScene {

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

  @Test
  void aStreamThatIsCutAfterATokenIsNotBegunAnew() throws Exception {
    for (StandInModel.Part part :
        List.<StandInModel.Part>of(
            stage -> {
              stage.say("Half ");
              throw stage.cut();
            },
            stage -> {
              stage.say("Half ");
              stage.end();
            })) {
      int before = server.played.size();
      server.next(part);
      var answer = begin("Hello");

      assertThatThrownBy(() -> answer.get(60, TimeUnit.SECONDS))
          .cause()
          .isInstanceOf(BrokenOff.class)
          .hasMessageContaining("the connection was lost");
      assertThat(server.played).hasSize(before + 1);
    }
  }

  @Test
  void aStreamThatIsCutBeforeATokenIsBegunAnew() throws Exception {
    server.next(
        stage -> {
          stage.raw(": working on it\n\n");
          throw stage.cut();
        },
        ModelTest::talk);
    var answer = begin("Hello");
    ear.await("asking again in 1 s");
    time.advance(Answering.FIRST_PAUSE);
    answer.get(60, TimeUnit.SECONDS);

    assertThat(ear.text()).isEqualTo("Good evening.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: {\"this is\": no JSON\n\n",
        "data: []\n\n",
        "data: {\"id\":\"x\"}\n\n",
        "data: {\"error\":{\"message\":\"broken\"}}\n\n",
        "<!doctype html><p>A web page",
        ""
      })
  void whatIsNotTheProtocolIsASentence(String malformed) throws Exception {
    server.otherwise(stage -> {
      stage.raw(malformed);
      stage.end();
    });
    askInVain("Hello");

    assertThat(ear.text())
        .startsWith("**The model is down**: ")
        .contains("The built-in guide answers in its place");
    assertThat(log.toString()).doesNotContain("\tat ");
  }

  @Test
  void a429IsTriedAgainWhenItSays() throws Exception {
    server.next(stage -> stage.status(429, "{}", "Retry-After", "7"), ModelTest::talk);
    var answer = begin("Hello");
    ear.await("asked too much just now); asking again in 7 s");
    time.advance(Duration.ofSeconds(7).minusNanos(1));
    assertThat(server.played).hasSize(1);
    time.advance(Duration.ofNanos(1));
    answer.get(60, TimeUnit.SECONDS);

    assertThat(ear.text()).isEqualTo("Good evening.");
    assertThat(phase()).isEqualTo(PhaseState.READY);
  }

  @Test
  void a429BeyondTheBudgetIsNotWaitedFor() throws Exception {
    server.next(stage -> stage.status(429, "{}", "Retry-After", "301"));
    ask("Hello");

    assertThat(server.played).hasSize(1);
    assertThat(ear.text())
        .startsWith("**The model did not answer**: it is asked too much just now.");
  }

  @Test
  void errorsOpenTheBreakerAndAProbeClosesIt() throws Exception {
    server.otherwise(ModelTest::fail);
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

    server.otherwise(ModelTest::talk);
    time.advance(Model.LEFT_ALONE.plusMillis(1));
    assertThat(server.played).hasSize(5);
    assertThat(phase()).isEqualTo(PhaseState.READY);
    ask("And now?");
    assertThat(ear.text()).isEqualTo("Good evening.");
    assertThat(log.toString()).doesNotContain("\tat ").contains("******");
  }

  @Test
  void aWrongKeyIsASentenceAndNoRetry() throws Exception {
    server.otherwise(
        stage -> stage.status(401, "{\"error\":{\"message\":\"bad key " + KEY + "\"}}"));
    ask("Hello");

    assertThat(server.played).hasSize(1);
    assertThat(ear.text())
        .startsWith("**The model did not answer**: it does not accept this server's key");
    assertThat(phase()).isEqualTo(PhaseState.READY);
  }

  @Test
  void nobodyThereIsASentence() throws Exception {
    server.close();
    askInVain("Hello");

    assertThat(ear.text()).startsWith("**The model is down**: it cannot be reached.");
    assertThat(phase()).isEqualTo(PhaseState.DOWN);
    assertThat(log.toString()).doesNotContain("\tat ");
  }
}
