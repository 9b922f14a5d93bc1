package dev.vestibule.chat.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.PhaseState;
import dev.vestibule.chat.conversation.Turn;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/** A model that answers: its text, its tools, what it is told of what was said before. */
class ModelTest extends ModelScene {

  @Test
  void anAnswerIsStreamed() throws Exception {
    server.next(ModelScene::talk);
    ask("Hello");

    assertThat(ear.all)
        .containsExactly("thinking Asking the model stand-in", "delta Good ", "delta evening.");
    assertThat(ear.answering).isEqualTo("model");
    StandInModel.Stage asked = server.played.getFirst();
    assertThat(asked.authorization).isEqualTo("Bearer " + KEY);
    assertThat(asked.asked)
        .contains("\"model\":\"stand-in\"", "\"stream\":true", "Hello")
        .contains("startup_timeline", "gate_figures", "search_conversations", "read_documentation");
    assertThat(log.toString()).doesNotContain("WARNING");
  }

  @Test
  void earlierTurnsGoAlong() throws Exception {
    server.next(ModelScene::talk, ModelScene::talk);
    ask("My name is Ada");
    ask("What is my name?");

    String asked = server.played.getLast().asked;
    assertThat(asked).containsSubsequence("My name is Ada", "Good evening.", "What is my name?");
    assertThat(asked.split("What is my name", -1)).hasSize(2);
  }

  @Test
  void toolsAreUsedAndTheirResultsGoBack() throws Exception {
    server.next(
        stage -> {
          stage.call("call-7", "search_conversations", "{\"query\":\"gate keeper\"}");
          stage.finish("tool_calls");
        },
        ModelScene::talk);
    ask("Where did I mention the gate keeper?");

    assertThat(ear.all)
        .containsExactly(
            "thinking Asking the model stand-in",
            "executing search_conversations",
            "completed search_conversations nothing found",
            "delta Good ",
            "delta evening.");
    assertThat(server.played.getLast().asked)
        .contains("\"role\":\"tool\"", "\"tool_call_id\":\"call-7\"", "I found nothing about");
  }

  @Test
  void whateverAModelCallsToolsWithItIsAnswered() throws Exception {
    server.next(
        stage -> {
          stage.call("call-1", "no_such_tool", "{}");
          stage.finish("tool_calls");
        },
        stage -> {
          stage.call("call-2", "search_conversations", "not JSON");
          stage.finish("tool_calls");
        },
        ModelScene::talk);
    ask("Hello");

    assertThat(server.played.get(1).asked).contains("There is no such tool.");
    assertThat(server.played.get(2).asked).contains("These arguments were not understood.");
    assertThat(ear.text()).isEqualTo("Good evening.");
  }

  @Test
  void aModelThatOnlyUsesToolsHasToAnswerInTheEnd() throws Exception {
    server.otherwise(stage -> {
      stage.call("call-1", "startup_timeline", "{}");
      stage.finish("tool_calls");
    });
    ask("Hello");

    assertThat(server.played).hasSize(Answering.MOST_ROUNDS);
    assertThat(server.played.getLast().asked).contains("\"tool_choice\":\"none\"");
    assertThat(server.played.getFirst().asked).doesNotContain("\"tool_choice\"");
    assertThat(ear.text()).startsWith("**The model did not answer**: it said nothing.");
  }

  @Test
  void aStopEndsTheStream() throws Exception {
    CountDownLatch hungUp = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    server.next(stage -> {
      stage.say("Half ");
      stopped.await();
      stage.awaitHangUp();
      hungUp.countDown();
    });
    var answer = begin("Hello");
    ear.await("delta Half");
    ear.stop.run();
    answer.get(60, TimeUnit.SECONDS);
    stopped.countDown();
    hungUp.await();

    assertThat(ear.text()).isEqualTo("Half ");
    assertThat(phase()).isEqualTo(PhaseState.READY);
  }

  @Test
  void whatTheGuideSaidIsNotGivenToTheModelAsItsOwn() throws Exception {
    server.next(stage -> stage.status(401, "{}"), ModelScene::talk);
    ask("How long did each startup phase take?");
    assertThat(ear.text()).contains("**The model did not answer**", "| services |");
    ask("What is my name?");

    String asked = server.played.getLast().asked;
    assertThat(asked)
        .containsSubsequence("How long did each", "(This was not answered by you.)", "my name?")
        .doesNotContain("\"role\":\"assistant\"", "did not answer", "| services |");
  }

  @Test
  void whyAnAnswerBrokeOffIsNotGivenToTheModelAsItsOwn() throws Exception {
    Turn turn = say("Hello");
    house.conversations.end(
        turn,
        "Half\n\n%s: it was filtered.\n".formatted(ModelAssistant.BROKE_OFF),
        "interrupted",
        ModelAssistant.NAME);
    server.next(ModelScene::talk);
    ask("Go on");

    assertThat(server.played.getLast().asked)
        .containsSubsequence("Hello", "\"Half\"", "Go on")
        .doesNotContain("broke off");
  }

  @Test
  void aQuestionLeavesNoThreadAndNothingThatCannotBeCollected() throws Exception {
    for (int i = 0; i < 3; i++) {
      server.next(ModelScene::talk);
      ask("Hello");
    }

    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("DefaultSleeper");
    // Collects what can be collected, and counts the rest.
    Object histogram =
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "gcClassHistogram",
                new Object[] {new String[0]},
                new String[] {String[].class.getName()});
    assertThat(histogram.toString())
        .contains("SpringAiEndpoint")
        .doesNotContain("PhantomReachableExecutorService");
  }
}
