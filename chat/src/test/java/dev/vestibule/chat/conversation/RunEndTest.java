package dev.vestibule.chat.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.chat.OpenHouse;
import dev.vestibule.chat.assistant.BrokenOff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** How a run ends, and how long it took. */
class RunEndTest extends RunsScene {

  @Test
  void answersAreTimedFromTheMessageToTheFirstTextAndToTheEnd() {
    assistant =
        (question, listener) -> {
          time.advance(Duration.ofMillis(30));
          listener.delta("You ");
          time.advance(Duration.ofMillis(70));
          listener.delta("said");
        };
    runs.heard(socket, frame(id(1), "null", "hello"));
    time.advance(Duration.ofMillis(5));
    runAll();
    assistant =
        (question, listener) -> {
          time.advance(Duration.ofMillis(10));
          throw new IllegalStateException("boom");
        };
    runs.heard(socket, frame(id(2), "null", "hello"));
    runAll();
    assertThat(ended)
        .containsExactly(
            "assistant PT0.035S PT0.105S COMPLETE", "assistant PT0.01S PT0.01S BROKEN_OFF");
  }

  @Test
  void howLongAnAnswerTookIsToldOnceForEach() throws Exception {
    assistant =
        (question, listener) -> {
          time.advance(Duration.ofMillis(300));
          listener.delta("first ");
          time.advance(Duration.ofSeconds(2));
          listener.answering("guide");
          listener.delta("last");
        };
    runs.heard(socket, frame(id(1), "null", "hello"));
    runAll();
    assistant =
        (question, listener) -> {
          throw new BrokenOff("**It** broke off.");
        };
    runs.heard(socket, frame(id(2), "null", "hello"));
    runAll();
    runs.heard(socket, frame(id(3), "null", "hello"));
    time.advance(Duration.ofSeconds(1));
    runs.close(Duration.ZERO);
    runAll();

    assertThat(ended)
        .containsExactly(
            "guide PT0.3S PT2.3S COMPLETE",
            "assistant PT0S PT0S BROKEN_OFF",
            "assistant null PT1S STOPPED");
  }

  @Test
  void anAnswerThatBreaksOffIsInterruptedAndSaysSo() {
    assistant =
        (question, listener) -> {
          listener.delta("As far as");
          throw new IllegalStateException("a secret of the inside");
        };
    runs.heard(socket, frame(id(1), "null", "hello"));
    runAll();

    JsonNode end = page.first("agent_completed").get("detail");
    assertThat(end.get("state").stringValue()).isEqualTo("interrupted");
    assertThat(end.get("text").stringValue())
        .startsWith("As far as")
        .contains("broke off")
        // The page says that, once, of all answers that were interrupted.
        .doesNotContainIgnoringCase("ask again");
    assertThat(page.frames.toString()).doesNotContain("secret");
  }

  @Test
  void anAnswerThatBreaksOffForAReasonSaysIt() {
    assistant =
        (question, listener) -> {
          listener.delta("Half");
          throw new BrokenOff("**The model broke off here**: nothing more came in time.");
        };
    runs.heard(socket, frame(id(1), "null", "hello"));
    runAll();

    JsonNode end = page.first("agent_completed").get("detail");
    assertThat(end.get("state").stringValue()).isEqualTo("interrupted");
    assertThat(end.get("text").stringValue())
        .isEqualTo("Half\n\n**The model broke off here**: nothing more came in time.\n");
  }

  @Test
  void afterAKillTheNextStartMarksWhatWasUnderWayAndKeepsItsText() throws Exception {
    assistant =
        (question, listener) -> {
          listener.delta("The first half");
          time.advance(Run.STORED_EVERY);
          listener.delta(", and more");
          // The process would be gone here; what it still does reaches no database.
          house.close();
        };
    runs.heard(socket, frame(id(1), "null", "hello"));
    runAll();
    assertThat(page.types()).doesNotContain("agent_completed").endsWith("error");
    house = new OpenHouse(data);

    UUID conversation = house.conversations.list("ada").getFirst().id();
    var answer = house.conversations.find("ada", conversation).orElseThrow().messages().getLast();
    assertThat(answer.state()).isEqualTo("interrupted");
    assertThat(answer.text()).isEqualTo("The first half, and more");
    assertThat(house.conversations.markInterrupted()).isZero();
  }

  @Test
  void theEndOfTheProcessInterruptsWhatIsLeftAndTakesNoMore() throws Exception {
    runs.heard(socket, frame(id(1), "null", "hello"));
    runs.close(Duration.ZERO);
    runs.heard(socket, frame(id(2), "null", "too late"));
    runAll();

    assertThat(page.types()).containsExactly("hello", "accepted", "agent_completed", "error");
    assertThat(page.first("agent_completed").get("detail").get("state").stringValue())
        .isEqualTo("interrupted");
  }

  @Test
  void theEndOfTheProcessStopsWhatTheAssistantWaitsFor() throws Exception {
    List<String> stopped = new ArrayList<>();
    assistant =
        (question, listener) -> {
          listener.onStop(() -> stopped.add("at once"));
          runs.close(Duration.ZERO);
          listener.onStop(() -> stopped.add("too late"));
        };
    runs.heard(socket, frame(id(1), "null", "hello"));
    runAll();

    assertThat(stopped).containsExactly("at once", "too late");
  }
}
