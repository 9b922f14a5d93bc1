package dev.vestibule.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One JVM. It says its port first, and waits for a line where its main class says so. */
final class Child {
  private final Process process;
  private final Path errors;
  private final StringBuilder output = new StringBuilder();
  private final BufferedReader reader;

  Child(Class<?> main, Map<String, String> environment, Path folder, String... args)
      throws IOException {
    this.errors = folder.resolve("stderr");
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().putAll(environment);
    this.process = builder.start();
    this.reader = process.inputReader(UTF_8);
  }

  int port() throws IOException {
    String line = awaitLine("door ");
    return Integer.parseInt(line.substring(line.indexOf("door ") + 5).trim());
  }

  String awaitLine(String text) throws IOException {
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      output.append(line).append('\n');
      if (line.contains(text)) {
        return line;
      }
    }
    throw new AssertionError("never said: " + text + "\n" + output + errors());
  }

  void go() throws IOException {
    process.outputWriter(UTF_8).append("go\n").flush();
  }

  /** SIGTERM; Process.destroy would close the streams too. */
  void terminate() {
    process.toHandle().destroy();
  }

  int exitCode() throws Exception {
    reader.lines().forEach(line -> output.append(line).append('\n'));
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  String output() {
    return output.toString();
  }

  String errors() throws IOException {
    return Files.readString(errors);
  }

  /** For the child itself: waits until the test says go. */
  static void awaitGo() {
    try {
      if (System.in.read() < 0) {
        throw new IllegalStateException("the test went away");
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
