package dev.vestibule.e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;

/**
 * Echo servers that take their time before they listen, in the languages that the gateway is for.
 * Each says {@code server: port 34567 pid 4711 listens since 1764188000123}, in milliseconds of the
 * machine's clock.
 */
enum SlowServer {
  /** With {@code websockets}, from Debian's {@code python3-websockets}. */
  PYTHON(
      System.getenv().getOrDefault("PYTHON", "/usr/bin/python3"),
      Path.of("src", "test", "python", "slow-server.py")),
  /** With {@code ws}. */
  NODE("node", Path.of("src", "test", "node", "slow-server.mjs"));

  /** Groups: port, pid, since when it listens. */
  static final String LISTENS = "server: port (\\d+) pid (\\d+) listens since (\\d+)";

  private final String program;
  private final Path script;

  SlowServer(String program, Path script) {
    this.program = program;
    this.script = script;
  }

  /** For {@code run}, which says by PORT and HOST where to listen. */
  List<String> command(double seconds) {
    return List.of(program, script.toAbsolutePath().toString(), Double.toString(seconds));
  }

  /** Alone, on a free port of loopback, at once. */
  RunningProcess start() throws IOException {
    return new RunningProcess(new ProcessBuilder(command(0)));
  }

  /** Waits until a server that was started alone listens. */
  static int port(RunningProcess server) throws InterruptedException {
    return Integer.parseInt(server.await(LISTENS).group(1));
  }

  /** What a process said when it began to listen. */
  record Listening(int port, ProcessHandle process, long sinceMillis) {

    static Listening of(Matcher line) {
      return new Listening(
          Integer.parseInt(line.group(1)),
          ProcessHandle.of(Long.parseLong(line.group(2))).orElseThrow(),
          Long.parseLong(line.group(3)));
    }
  }
}
