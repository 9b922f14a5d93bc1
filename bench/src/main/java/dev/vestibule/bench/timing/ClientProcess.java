package dev.vestibule.bench.timing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The server's side of the process in which the clients live. */
final class ClientProcess implements AutoCloseable {

  /**
   * One client's wait.
   *
   * @param askedAt when it began to connect, on the machine's monotonic clock in nanoseconds
   * @param openedAt when it saw the 101, on the same clock
   */
  record Connect(long askedAt, long openedAt) {}

  private final Process process;
  private final PrintStream commands;
  private final BufferedReader answers;

  private ClientProcess(Process process) {
    this.process = process;
    this.commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  static ClientProcess start() throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return new ClientProcess(
        new ProcessBuilder(
                java.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Clients.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /** Lets so many clients connect at once, and waits until each has its outcome. */
  List<Connect> open(int port, int count) throws IOException {
    commands.println("open " + port + " " + count);
    List<Connect> connects = new ArrayList<>(count);
    for (String line = answers.readLine(); !"done".equals(line); line = answers.readLine()) {
      if (line == null) {
        throw new IOException("the clients' process ended");
      }
      String[] words = line.split(" ", -1);
      if (!words[2].equals("open")) {
        throw new IOException("a client was not let in: " + words[2]);
      }
      connects.add(new Connect(Long.parseLong(words[0]), Long.parseLong(words[1])));
    }
    return connects;
  }

  @Override
  public void close() {
    commands.close();
    process.destroy();
  }
}
