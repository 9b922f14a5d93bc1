package dev.vestibule.chat.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Messages of a page, and the runs that answer them. */
class RunsTest extends RunsScene {

  @Test
  void anAnswerIsFiveEventsInOrderAroundItsText() {
    runs.heard(socket, frame(id(1), "null", "hello there"));
    assertThat(page.types()).containsExactly("hello", "accepted");
    runAll();

    assertThat(page.types())
        .containsExactly(
            "hello",
            "accepted",
            "agent_started",
            "agent_thinking",
            "tool_executing",
            "tool_completed",
            "delta",
            "delta",
            "agent_completed");
    JsonNode accepted = page.first("accepted");
    assertThat(accepted.get("id").stringValue()).isEqualTo(id(1));
    assertThat(accepted.get("title").stringValue()).isEqualTo("hello there");
    List<Integer> seqs =
        page.frames.stream().filter(f -> f.has("seq")).map(f -> f.get("seq").intValue()).toList();
    assertThat(seqs).containsExactly(1, 2, 3, 4, 5, 6, 7);
    JsonNode end = page.first("agent_completed").get("detail");
    assertThat(end.get("text").stringValue()).isEqualTo("You said hello there");
    assertThat(end.get("state").stringValue()).isEqualTo("complete");

    UUID conversation = UUID.fromString(accepted.get("conversation").stringValue());
    var stored = house.conversations.find("ada", conversation).orElseThrow();
    assertThat(stored.messages())
        .extracting(Conversations.Message::role, Conversations.Message::text)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("user", "hello there"),
            org.assertj.core.groups.Tuple.tuple("assistant", "You said hello there"));
    assertThat(stored.messages().getLast().id().toString())
        .isEqualTo(end.get("message").stringValue());
    assertThat(runs.count()).isZero();
  }

  @Test
  void theSameIdIsAcceptedAgainWithoutASecondRun() {
    runs.heard(socket, frame(id(1), "null", "hello"));
    runs.heard(socket, frame(id(1), "null", "hello"));
    assertThat(started).hasSize(1);
    runAll();
    runs.heard(socket, frame(id(1), "null", "hello"));

    assertThat(started).isEmpty();
    List<JsonNode> accepted =
        page.frames.stream().filter(f -> f.get("type").stringValue().equals("accepted")).toList();
    assertThat(accepted).hasSize(3);
    assertThat(accepted.get(1)).isEqualTo(accepted.get(0));
    assertThat(accepted.get(2)).isEqualTo(accepted.get(0));
    assertThat(house.conversations.list("ada")).hasSize(1);
  }

  @Test
  void theSameIdOfAnotherUserIsAnotherMessage() {
    RecordingWire other = new RecordingWire(true);
    Socket grace = sockets.opened(session("grace", "2"), other);
    runs.heard(socket, frame(id(1), "null", "hello"));
    runs.heard(grace, frame(id(1), "null", "hello"));

    assertThat(started).hasSize(2);
    assertThat(other.first("accepted").get("run")).isNotEqualTo(page.first("accepted").get("run"));
  }

  @Test
  void framesThatAreNotUnderstoodAreAnsweredAndTheSessionGoesOn() {
    String long16 = "x".repeat(Frames.MOST_TEXT + 1);
    for (String bad :
        List.of(
            "",
            "{",
            "[]",
            "null",
            "{\"type\":\"send\"}",
            "{\"type\":\"send\",\"id\":\"1-1-1-1-1\",\"text\":\"x\"}",
            "{\"type\":\"other\",\"id\":\"" + id(1) + "\",\"text\":\"x\"}",
            frame(id(1), "\"nowhere\"", "x"),
            frame(id(1), "7", "x"),
            frame(id(1), "null", "  "),
            frame(id(1), "null", long16),
            frame(id(1), "null", "x") + "{}",
            "[".repeat(5_000))) {
      page.frames.clear();
      runs.heard(socket, bad);
      assertThat(page.types()).as(bad).containsExactly("error");
    }
    assertThat(page.closes).isEmpty();
    page.frames.clear();
    runs.heard(socket, frame(id(1), "null", "x".repeat(Frames.MOST_TEXT)));
    assertThat(page.types()).containsExactly("accepted");
  }

  @Test
  void aRunGoesOnWhenItsSocketIsLostAndAllPagesHearIt() {
    RecordingWire second = new RecordingWire(true);
    runs.heard(socket, frame(id(1), "null", "hello"));
    sockets.closed(socket);
    sockets.opened(session("ada", "3"), second);
    runAll();

    assertThat(page.types()).containsExactly("hello", "accepted");
    assertThat(second.types()).contains("agent_started", "agent_completed");
    assertThat(house.conversations.list("ada")).hasSize(1);
  }

  @Test
  void oneUserMayHaveSoManyAnswersUnderWay() {
    for (int i = 0; i <= Runs.MOST_PER_USER; i++) {
      runs.heard(socket, frame(id(i), "null", "hello"));
    }
    assertThat(started).hasSize(Runs.MOST_PER_USER);
    assertThat(page.types()).endsWith("error");
  }
}
