package dev.vestibule.chat.conversation;

import dev.vestibule.chat.OpenHouse;
import dev.vestibule.chat.assistant.Assistant;
import dev.vestibule.chat.signin.Session;
import dev.vestibule.testkit.ManualTime;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Ada's page, with an assistant that a test may replace; runs go on when the test says so. */
abstract class RunsScene {

  private static final Instant LATER = Instant.parse("2030-01-01T00:00:00Z");

  final ManualTime time = new ManualTime();
  final Deque<Runnable> started = new ArrayDeque<>();
  final List<String> ended = new ArrayList<>();
  final RecordingWire page = new RecordingWire(true);

  Path data;
  OpenHouse house;
  Sockets sockets;
  Socket socket;
  Runs runs;

  /** Says which words it was asked, with one tool in between. */
  Assistant assistant =
      (question, listener) -> {
        listener.thinking("...");
        listener.toolExecuting("echo", "Echo");
        listener.toolCompleted("echo", "Echo", "heard");
        listener.delta("You said ");
        listener.delta(question.text());
      };

  @BeforeEach
  void open(@TempDir Path directory) throws Exception {
    data = directory.resolve("house");
    house = new OpenHouse(data);
    sockets = new Sockets(house.revocations);
    runs =
        new Runs(
            house.conversations,
            sockets,
            (question, listener) -> assistant.answer(question, listener),
            started::add,
            time,
            (assistant, toFirstToken, total, outcome) ->
                ended.add("%s %s %s %s".formatted(assistant, toFirstToken, total, outcome)));
    socket = sockets.opened(session("ada", "1"), page);
  }

  @AfterEach
  void close() throws Exception {
    house.close();
  }

  static Session session(String user, String id) {
    return new Session(user, id, LATER);
  }

  static String frame(String id, String conversation, String text) {
    return "{\"type\":\"send\",\"id\":\"%s\",\"conversation\":%s,\"text\":\"%s\"}"
        .formatted(id, conversation, text);
  }

  static String id(int number) {
    return new UUID(0, number).toString();
  }

  void runAll() {
    for (Runnable run = started.poll(); run != null; run = started.poll()) {
      run.run();
    }
  }
}
