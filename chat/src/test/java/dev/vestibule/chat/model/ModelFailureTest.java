package dev.vestibule.chat.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vestibule.PhaseState;
import dev.vestibule.chat.assistant.BrokenOff;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each way in which a question fails, and what is said of it. */
class ModelFailureTest extends ModelScene {

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
        ModelScene::talk);
    var answer = begin("Hello");
    ear.await("asking again in 1 s");
    time.advance(Pauses.FIRST);
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
    server.next(stage -> stage.status(429, "{}", "Retry-After", "7"), ModelScene::talk);
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

  @ParameterizedTest
  @CsvSource({
    "length, it reached its length",
    "content_filter, it was filtered",
    "function_call, it stopped before it was finished",
    "whatever, it stopped before it was finished"
  })
  void anEndForAnotherReasonThanItsLastWordIsNone(String reason, String words) throws Exception {
    server.next(stage -> {
      stage.say("Half ");
      stage.finish(reason);
    });
    var answer = begin("Hello");

    assertThatThrownBy(() -> answer.get(60, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(BrokenOff.class)
        .hasMessage("**The model broke off here**: " + words + ".");
    assertThat(ear.text()).isEqualTo("Half ");
    assertThat(server.played).hasSize(1);
  }

  @Test
  void anEndBeforeTheFirstWordIsASentence() throws Exception {
    server.next(stage -> stage.finish("length"));
    ask("Hello");

    assertThat(ear.text()).startsWith("**The model did not answer**: it reached its length.");
    assertThat(failures).containsExactly("length");
  }

  @Test
  void aBlankReplyIsNone() throws Exception {
    server.next(stage -> {
      stage.say(" ", "\\n");
      stage.finish("stop");
    });
    ask("Hello");

    assertThat(ear.text()).startsWith("**The model did not answer**: it said nothing.");
    assertThat(failures).containsExactly("empty");
  }

  @Test
  void whatIsBlankAtTheBeginningOfAReplyBelongsToIt() throws Exception {
    server.next(stage -> {
      stage.say(" ", " ", "Good ", " ", "evening.");
      stage.finish("stop");
    });
    ask("Hello");

    assertThat(ear.text()).isEqualTo("  Good  evening.");
  }

  @Test
  void a429ThatSaysAtOnceIsStillPausedFor() throws Exception {
    nextRandom = 0.8;
    server.next(stage -> stage.status(429, "{}", "Retry-After", "0"));
    var answer = begin("Hello");
    ear.await("asking again in 1 s");
    time.advance(Pauses.FIRST.plusMillis(99));
    assertThat(server.played).hasSize(1);
    assertThat(answer).isNotDone();
    time.advance(Duration.ofMillis(1));
    answer.get(60, TimeUnit.SECONDS);

    assertThat(server.played.size()).isGreaterThan(1);
  }

  @Test
  void aRedirectIsNotFollowedAndSaysSo() throws Exception {
    server.next(stage -> stage.status(307, "", "Location", "http://127.0.0.1:9/v1"));
    ask("Hello");

    assertThat(server.played).hasSize(1);
    assertThat(ear.text())
        .startsWith("**The model did not answer**: it is at another address now, which whoever");
  }
}
