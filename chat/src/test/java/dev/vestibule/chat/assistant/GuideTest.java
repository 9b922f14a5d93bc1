package dev.vestibule.chat.assistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vestibule.Arrival;
import dev.vestibule.Gate;
import dev.vestibule.Startup;
import dev.vestibule.chat.OpenHouse;
import dev.vestibule.chat.conversation.Conversations;
import dev.vestibule.chat.conversation.Frames;
import dev.vestibule.chat.phases.Slowdown;
import dev.vestibule.testkit.ManualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuideTest {

  private final ManualTime time = new ManualTime();
  private final Startup startup =
      Startup.define()
          .phase("database", p -> p.signalled())
          .phase("services", p -> p.signalled().after("database"))
          .ticker(time)
          .scheduler(time)
          .build();
  private final Gate gate =
      Gate.before(startup)
          .route("/chat", r -> r.requires("services"))
          .ticker(time)
          .scheduler(time)
          .build();
  private final List<String> heard = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();

  private OpenHouse house;
  private Guide guide;

  @BeforeEach
  void open(@TempDir Path data) throws Exception {
    house = new OpenHouse(data.resolve("house"));
    startup.start();
    time.advance(Duration.ofMillis(1_230));
    startup.signal("database").ready();
    time.advance(Duration.ofSeconds(2));
    guide =
        new Guide(
            List.of(
                new StartupTool(startup),
                new GateTool(gate, () -> 3),
                new SearchTool(house.conversations)));
    guide.run(Slowdown.of(Duration.ZERO));
  }

  @AfterEach
  void close() throws Exception {
    house.close();
  }

  private String ask(String question) {
    return ask("ada", new UUID(0, 0), question);
  }

  private String ask(String user, UUID message, String question) {
    heard.clear();
    text.setLength(0);
    guide.answer(
        new Question(user, message, question),
        new AnswerListener() {
          @Override
          public void thinking(String detail) {
            heard.add("thinking");
          }

          @Override
          public void toolExecuting(String tool, String title) {
            heard.add("executing " + tool);
          }

          @Override
          public void toolCompleted(String tool, String title, String result) {
            heard.add("completed " + tool + ": " + result);
          }

          @Override
          public void delta(String more) {
            text.append(more);
          }
        });
    return text.toString();
  }

  @Test
  void theTimelineIsThatOfThisServer() {
    String answer = ask("How long did each startup phase take?");

    assertThat(heard)
        .containsExactly(
            "thinking",
            "executing startup_timeline",
            "completed startup_timeline: running, 3.23 s, 2 phases");
    assertThat(answer)
        .contains("| database | ready | - | 0.00 s | 1.23 s |")
        .contains("| services | running | database | 1.23 s | 2.00 s so far |")
        .contains("offline");
  }

  @Test
  void theGateFiguresAreThoseOfThisGate() {
    gate.admit(Arrival.at("/chat").on(Runnable::run), admission -> {});
    gate.admit(Arrival.at("/chat").on(Runnable::run), admission -> {}).leave();

    String answer = ask("How many clients are waiting at the gate now?");

    assertThat(heard).contains("completed gate_figures: 1 waiting, 0 let in, 0 refused");
    assertThat(answer)
        .contains("| waiting now | 1 |")
        .contains("| left before they had an answer | 1 |")
        .contains("| open chat sockets | 3 |")
        .contains("| /chat | hold | services | 1 |");
  }

  @Test
  void theSearchFindsWhatTheAskerSaidAndNotTheQuestionItself() {
    take("ada", 1, "Ferns like shade | and rain");
    take("grace", 2, "Ferns are dull");
    var question = take("ada", 3, "Where did I write about ferns?");

    String answer = ask("ada", question, "Where did I write about ferns?");

    assertThat(heard).contains("completed search_conversations: 1 message");
    assertThat(answer).contains("Ferns like shade \\| and rain").doesNotContain("dull");

    assertThat(ask("ada", question, "search my conversations for \"tulips\""))
        .contains("I found nothing about \u201ctulips\u201d");
  }

  private UUID take(String user, int id, String said) {
    return house
        .conversations
        .take(user, new Frames.Send(new UUID(1, id), null, said))
        .orElseThrow()
        .question();
  }

  @Test
  void theDocumentationAnswersTheRest() {
    assertThat(ask("Why do I get a 503?")).contains("BUDGET_SPENT").contains("Retry-After");
    assertThat(ask("What happens on SIGTERM?")).contains("1012");
    assertThat(ask("Are you an AI?")).contains("without a language model");
    assertThat(ask("How do I sign in with a password?")).contains("user add NAME");
    assertThat(heard.get(1)).isEqualTo("executing read_documentation");
  }

  @Test
  void whatItDoesNotKnowItSays() {
    assertThat(ask("zyzzyva?")).contains("says nothing about this").contains("- Phases");
    assertThat(ask("\u00bf?")).contains("says nothing about this");
  }

  @Test
  void aToolThatFailsIsToldTruthfully() {
    house.database.close();

    String answer = ask("search my conversations for tulips");

    assertThat(heard).contains("executing search_conversations");
    assertThat(heard).contains("completed search_conversations: failed");
    assertThat(answer).contains("I could not search your conversations: it failed just now.");
  }

  @Test
  void itDoesNotStartWhenAToolFails() {
    house.database.close();

    assertThatThrownBy(() -> guide.run(Slowdown.of(Duration.ZERO)))
        .hasMessageContaining("not ready");
  }

  @Test
  void theSearchEscapesWhatSomebodySaid() {
    assertThat(Markdown.escape("a|b\n<img src=x> [x](y) `c`"))
        .isEqualTo("a\\|b \\<img src=x\\> \\[x\\]\\(y\\) \\`c\\`");
  }

  @Test
  void foundMessagesAreTheNewestFirst() {
    take("ada", 1, "fern one");
    take("ada", 2, "fern two");
    assertThat(house.conversations.search("ada", List.of("fern"), new UUID(0, 0), 1))
        .extracting(Conversations.Found::text)
        .containsExactly("fern two");
  }
}
