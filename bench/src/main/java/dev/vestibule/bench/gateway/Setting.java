package dev.vestibule.bench.gateway;

import dev.vestibule.bench.Conversation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * What every measurement works with.
 *
 * @param programs those under test, ours first
 * @param places where each start gets a directory
 * @param load the process of the clients, a {@link Load}
 * @param server the process behind, an {@link EchoServer}
 * @param serverPort where that listens
 * @param quick whether few rounds will do
 * @param notes what the tables cannot say, for whoever reads them
 * @param progress hears what is being done
 */
record Setting(
    List<Program> programs,
    Path places,
    Conversation load,
    Conversation server,
    int serverPort,
    boolean quick,
    List<String> notes,
    Consumer<String> progress) {

  /** Three rounds, or one. */
  int rounds() {
    return quick ? 1 : 3;
  }

  /** Lets the server behind listen; says when, on the machine's monotonic clock. */
  long listen() throws IOException {
    return Long.parseLong(server.ask("listen " + serverPort)[1]);
  }

  /** Cuts all its connections, and listens no more. */
  void stop() throws IOException {
    server.ask("stop");
  }

  /** Starts all of the programs. */
  List<Running> startAll() throws IOException {
    List<Running> running = new ArrayList<>();
    try {
      for (Program program : programs) {
        running.add(Running.start(program, places, serverPort));
      }
      return running;
    } catch (IOException e) {
      running.forEach(Running::close);
      throw e;
    }
  }

  /** Opens tunnels at a port, all of which must come about. */
  void open(String who, int port, int count) throws IOException {
    load.ask("arrive " + port + " " + count);
    long opened =
        List.of(load.ask("answers 20000")).stream().filter(a -> a.startsWith("101@")).count();
    if (opened != count) {
      throw new IOException(
          "%s let %d in (expected: %d of %d)".formatted(who, opened, count, count));
    }
  }

  /** Handshakes through a program for so long, so that it has compiled what it needs by then. */
  void exercise(Running program) throws IOException {
    load.say("handshakes %d 32 %d 10".formatted(program.port(), quick ? 1_500 : 5_000));
    load.hear();
    load.hear();
  }

  void leave() throws IOException {
    load.ask("leave");
  }

  void note(String note) {
    if (!notes.contains(note)) {
      notes.add(note);
    }
  }

  /** A list that begins elsewhere in each round, so that nobody is always the first. */
  static <T> List<T> turned(List<T> list, int round) {
    List<T> turned = new ArrayList<>(list);
    Collections.rotate(turned, -round);
    return turned;
  }
}
