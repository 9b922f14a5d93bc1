package dev.vestibule.chat.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Gate;
import dev.vestibule.PhaseState;
import dev.vestibule.Startup;
import dev.vestibule.chat.OpenHouse;
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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * A model behind the chat, asked over HTTP. Time stands still unless a test moves it: no limit can
 * run out by itself, and a server that stalls does so until the test ends.
 */
abstract class ModelScene {

  static final String KEY = "sk-the-secret-of-this-test";
  static final ModelLimits LIMITS = ModelLimits.DEFAULT;

  final ManualTime time = new ManualTime();
  final StringWriter log = new StringWriter();
  private final Logger root = Logger.getLogger("");
  private final Handler handler = handler(new PrintWriter(log, true));
  final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  final Startup startup =
      Startup.define()
          .phase("database", p -> p.signalled())
          .phase("services", p -> p.signalled().after("database"))
          .phase("model", p -> p.signalled().optional())
          .ticker(time)
          .scheduler(time)
          .build();
  final Gate gate =
      Gate.before(startup)
          .route("/chat", r -> r.requires("services"))
          .ticker(time)
          .scheduler(time)
          .build();
  final Ear ear = new Ear();
  final List<String> failures = new CopyOnWriteArrayList<>();
  // Pauses are not stretched, unless a test says so.
  double nextRandom;
  private final RandomGenerator random =
      new RandomGenerator() {
        @Override
        public long nextLong() {
          throw new UnsupportedOperationException("only nextDouble is expected");
        }

        @Override
        public double nextDouble() {
          return nextRandom;
        }
      };
  Executor probes = Runnable::run;

  OpenHouse house;
  StandInModel server;
  Model model;
  @Nullable UUID conversation;
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
            time,
            failures::add,
            random);
    model.bind(startup, "model", time, time, task -> probes.execute(task));
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

  Turn say(String text) {
    UUID id = new UUID(7, ++messages);
    Turn turn =
        house.conversations.take("ada", new Frames.Send(id, conversation, text)).orElseThrow();
    conversation = turn.conversation();
    return turn;
  }

  CompletableFuture<@Nullable Void> begin(String text) {
    Turn turn = say(text);
    CompletableFuture<@Nullable Void> answer = new CompletableFuture<>();
    threads.execute(() -> {
      try {
        model.assistant().answer(new Question("ada", turn.question(), text), ear);
        house.conversations.end(turn, ear.text(), "complete", ear.answering);
        answer.complete(null);
      } catch (Throwable e) {
        answer.completeExceptionally(e);
      }
    });
    return answer;
  }

  void ask(String text) throws Exception {
    ear.forget();
    begin(text).get(60, TimeUnit.SECONDS);
  }

  PhaseState phase() {
    return startup.snapshot().phase("model").state();
  }

  static void talk(StandInModel.Stage stage) throws IOException {
    stage.say("Good ", "evening.");
    stage.finish("stop");
  }

  static void fail(StandInModel.Stage stage) throws IOException {
    stage.status(500, "{\"error\":{\"message\":\"I was shown " + KEY + "\"}}");
  }

  /** Asks what fails in all its attempts. */
  void askInVain(String text) throws Exception {
    var answer = begin(text);
    ear.await("asking again in 1 s");
    time.advance(Pauses.FIRST);
    ear.await("asking again in 1 s");
    time.advance(Pauses.FIRST.multipliedBy(2));
    answer.get(60, TimeUnit.SECONDS);
  }
}
