package dev.vestibule.chat.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is stored, and for whom. */
class ConversationsTest extends RunsScene {

  @Test
  void nobodyGetsAtWhatIsAnothers() {
    runs.heard(socket, frame(id(1), "null", "a secret"));
    runAll();
    String conversation = page.first("accepted").get("conversation").stringValue();
    RecordingWire other = new RecordingWire(true);
    Socket grace = sockets.opened(session("grace", "2"), other);
    runs.heard(grace, frame(id(2), "\"" + conversation + "\"", "let me in"));

    assertThat(started).isEmpty();
    assertThat(other.types()).containsExactly("hello", "error");
    assertThat(other.first("error").get("id").stringValue()).isEqualTo(id(2));
    assertThat(house.conversations.find("grace", UUID.fromString(conversation))).isEmpty();
    assertThat(house.conversations.list("grace")).isEmpty();
    assertThat(house.conversations.search("grace", List.of("secret"), new UUID(0, 0), 5)).isEmpty();
    assertThat(house.conversations.search("ada", List.of("secret"), new UUID(0, 0), 5)).hasSize(2);
  }

  @Test
  void whatWasSaidBeforeAMessageIsTheConversationsOwnAndInOrder() {
    runs.heard(socket, frame(id(1), "null", "first"));
    runAll();
    String conversation = page.first("accepted").get("conversation").stringValue();
    runs.heard(socket, frame(id(2), "null", "elsewhere"));
    for (int i = 3; i < 6; i++) {
      runs.heard(socket, frame(id(i), '"' + conversation + '"', "number " + i));
    }
    var all = house.conversations.find("ada", UUID.fromString(conversation)).orElseThrow();
    UUID last = all.messages().get(6).id();

    assertThat(house.conversations.before("ada", last, 3))
        .extracting(Conversations.Earlier::text)
        .containsExactly("You said first", "number 3", "number 4");
    assertThat(house.conversations.before("grace", last, 3)).isEmpty();
  }

  @Test
  void aTitleIsTheBeginningOfTheFirstLine() {
    assertThat(Conversations.titleOf("  hello\nworld")).isEqualTo("hello");
    assertThat(Conversations.titleOf("\ud83d\ude00".repeat(61)))
        .isEqualTo("\ud83d\ude00".repeat(59) + "\u2026");
  }
}
