package dev.vestibule.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another JVM with the same class path, which answers each line with a line. */
public final class Conversation implements AutoCloseable {

  private final Process process;
  private final PrintStream questions;
  private final BufferedReader answers;

  private Conversation(Process process) {
    this.process = process;
    this.questions = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts one. */
  public static Conversation with(Class<?> main, String... arguments) throws IOException {
    return with(List.of(), main, arguments);
  }

  /** Starts one with flags of its own. */
  public static Conversation with(List<String> flags, Class<?> main, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return new Conversation(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Its next line, in words. */
  public String[] hear() throws IOException {
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("a process of the measurement ended");
    }
    return answer.split(" ", -1);
  }

  /** Gives it a line, without waiting for what it answers. */
  public void say(String question) {
    questions.println(question);
  }

  /** Gives it a line, and waits for one. */
  public String[] ask(String question) throws IOException {
    say(question);
    return hear();
  }

  @Override
  public void close() {
    questions.close();
    process.destroy();
  }
}
