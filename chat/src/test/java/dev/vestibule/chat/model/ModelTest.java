package dev.vestibule.chat.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vestibule.Gate;
import dev.vestibule.PhaseState;
import dev.vestibule.Startup;
import dev.vestibule.chat.OpenHouse;
import dev.vestibule.chat.assistant.BrokenOff;
import dev.vestibule.chat.assistant.GateTool;
import dev.vestibule.chat.assistant.Guide;
import dev.vestibule.chat.assistant.Question;
import dev.vestibule.chat.assistant.SearchTool;
import dev.vestibule.chat.assistant.StartupTool;
import dev.vestibule.chat.conversation.Frames;
import dev.vestibule.chat.conversation.Turn;
import dev.vestibule.chat.phases.Slowdown;
import dev.vestibule.testkit.ManualTime;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A model behind the chat, asked over HTTP. Time stands still unless a test moves it: no limit can
 * run out by itself, and a server that stalls does so until the test ends.
 */
class ModelTest {

  private static final String KEY = "sk-the-secret-of-this-test";
  private static final ModelLimits LIMITS = ModelLimits.DEFAULT;

  private final ManualTime time = new ManualTime();
  private final StringWriter log = new StringWriter();
  private final Logger root = Logger.getLogger("");
  private final Handler handler = handler(new PrintWriter(log, true));
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Startup startup =
      Startup.define()
          .phase("database", p -> p.signalled())
          .phase("services", p -> p.signalled().after("database"))
          .phase("model", p -> p.signalled().optional())
          .ticker(time)
          .scheduler(time)
          .build();
  private final Gate gate =
      Gate.before(startup)
          .route("/chat", r -> r.requires("services"))
          .ticker(time)
          .scheduler(time)
          .build();
  private final Ear ear = new Ear();

  private OpenHouse house;
  private StandInModel server;
  private Model model;
  private @Nullable UUID conversation;
  private int messages;

  private static Handler handler(PrintWriter out) {
    return new Handler() {
      @Override
      public void publish(LogRecord entry) {
        out.println(entry.getLoggerName() + " " + entry.getMessage());
        Object[] parameters = entry.getParameters();
        out.println(parameters == null ? "" : List.of(parameters));
        if (entry.getThrown() != null) {
          entry.getThrown().printStackTrace(out);
        }
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  @BeforeEach
  void open(@TempDir Path data) throws Exception {
    root.addHandler(handler);
    house = new OpenHouse(data.resolve("house"));
    startup.start();
    startup.signal("database").ready();
    Guide guide =
        new Guide(
            List.of(
                new StartupTool(startup),
                new GateTool(gate, () -> 1),
                new SearchTool(house.conversations)));
    guide.run(Slowdown.of(Duration.ZERO));
    startup.signal("services").ready();
    startup.signal("model").ready();
    server = new StandInModel(0);
    model =
        new Model(
            new ModelSettings(URI.create(server.url()), "stand-in", new ModelKey(KEY), LIMITS),
            guide,
            house.conversations,
            house.clock,
            time,
            time);
    model.bind(startup, "model", time, time, Runnable::run);
  }

  @AfterEach
  void close() throws Exception {
    server.close();
    model.close();
    threads.shutdownNow();
    house.close();
    root.removeHandler(handler);
    assertThat(log.toString()).doesNotContain(KEY);
    assertThat(ear.all.toString()).doesNotContain(KEY);
    assertThat(time.pending()).as("timers left behind").isZero();
  }

  private Turn say(String text) {
    UUID id = new UUID(7, ++messages);
    Turn turn =
        house.conversations.take("ada", new Frames.Send(id, conversation, text)).orElseThrow();
    conversation = turn.conversation();
    return turn;
  }

  private CompletableFuture<@Nullable Void> begin(String text) {
    Turn turn = say(text);
    CompletableFuture<@Nullable Void> answer = new CompletableFuture<>();
    threads.execute(() -> {
      try {
        model.assistant().answer(new Question("ada", turn.question(), text), ear);
        house.conversations.end(turn, ear.text(), "complete");
        answer.complete(null);
      } catch (Throwable e) {
        answer.completeExceptionally(e);
      }
    });
    return answer;
  }

  private void ask(String text) throws Exception {
    ear.forget();
    begin(text).get(60, TimeUnit.SECONDS);
  }

  private PhaseState phase() {
    return startup.snapshot().phase("model").state();
  }

  private static void talk(StandInModel.Stage stage) throws IOException {
    stage.say("Good ", "evening.");
    stage.finish("stop");
  }

  private static void fail(StandInModel.Stage stage) throws IOException {
    stage.status(500, "{\"error\":{\"message\":\"I was shown " + KEY + "\"}}");
  }

  @Test
  void anAnswerIsStreamed() throws Exception {
    server.next(ModelTest::talk);
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
    server.next(ModelTest::talk, ModelTest::talk);
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
        ModelTest::talk);
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
        ModelTest::talk);
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

  /** Asks what fails in all its attempts. */
  private void askInVain(String text) throws Exception {
    var answer = begin(text);
    ear.await("asking again in 1 s");
    time.advance(Answering.FIRST_PAUSE);
    ear.await("asking again in 1 s");
    time.advance(Answering.FIRST_PAUSE.multipliedBy(2));
    answer.get(60, TimeUnit.SECONDS);
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
  void nobodyThereIsASentence() throws Exception {
    server.close();
    askInVain("Hello");

    assertThat(ear.text()).startsWith("**The model is down**: it cannot be reached.");
    assertThat(phase()).isEqualTo(PhaseState.DOWN);
    assertThat(log.toString()).doesNotContain("\tat ");
  }
}
