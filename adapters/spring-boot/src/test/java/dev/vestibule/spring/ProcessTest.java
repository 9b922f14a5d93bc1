package dev.vestibule.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Startup;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** What only a whole process shows: exit codes, stderr, signals. */
class ProcessTest {

  @TempDir Path folder;

  @Test
  void mistakesInTheConfigurationEndItWithOneMessage() throws Exception {
    Child child =
        start(
            Main.class,
            Map.of("VESTIBULE_DRAIN_GRACE", "-1s"),
            "--server.port=0",
            "--vestibule.max-waiting=-1",
            "--vestibule.readiness.strategy=hope");
    assertThat(child.exitCode()).isEqualTo(2);
    assertThat(child.errors().lines())
        .hasSize(4)
        .contains(
            "The application was not started, because of its configuration:",
            "  vestibule.max-waiting: -1 (expected: >= 0)",
            "  vestibule.drain.grace: PT-1S (expected: >= PT0S)");
    assertThat(child.errors()).contains("  vestibule.readiness.strategy: hope (expected: one of");
    assertThat(child.output()).isEmpty();
  }

  @Test
  void anUnknownPhaseEndsItWithOneMessage() throws Exception {
    Child child =
        start(
            Main.class,
            Map.of(),
            "--server.port=0",
            "--vestibule.routes[0].path=/chat",
            "--vestibule.routes[0].requires=databse");
    assertThat(child.exitCode()).isEqualTo(2);
    assertThat(child.errors().lines())
        .containsExactly(
            "The application was not started, because of its configuration:",
            "  gate: route /chat.requires: databse (expected: one of [application])");
  }

  @Test
  void aPortThatIsTakenEndsItWithOneMessage() throws Exception {
    try (Running other = Running.start(App.class)) {
      Child child =
          start(Main.class, Map.of("PORT", other.port() + ""), "--server.address=127.0.0.1");
      assertThat(child.exitCode()).isEqualTo(2);
      assertThat(child.errors().lines()).hasSize(2);
      assertThat(child.errors()).contains(":" + other.port(), "(expected:");
    }
  }

  @Test
  void noClassOfSpringIsLoadedBeforeTheDoorIsOpen() throws Exception {
    Path loaded = folder.resolve("loaded");
    Child child =
        start(
            Main.class,
            Map.of("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + loaded),
            "--server.port=0");
    child.port();
    child.terminate();
    child.exitCode();
    List<String> classes = Files.readAllLines(loaded);
    int opened = indexOf(classes, "sun.nio.ch.ServerSocketChannelImpl ");
    assertThat(opened).isPositive();
    assertThat(indexOf(classes, " org.springframework.")).isGreaterThan(opened);
  }

  private static int indexOf(List<String> lines, String text) {
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).contains(text)) {
        return i;
      }
    }
    return -1;
  }

  @Test
  void aFailureToStartEndsItOnceWhoWaitsHasBeenRefused() throws Exception {
    Child child = start(WaitsThenFails.class, Map.of(), "--server.port=0");
    Client client = Client.at(child.port(), "/chat");
    child.go();
    assertThat(client.refusal()).isEqualTo(503);
    assertThat(child.exitCode()).isEqualTo(1);
    assertThat(child.output()).contains("broken on purpose");
  }

  @Test
  void aRequiredPhaseThatFailsLaterEndsItOnceWhoWaitsHasBeenRefused() throws Exception {
    Child child = start(FailsLater.class, Map.of(), "--server.port=0");
    int port = child.port();
    Client client = Client.at(port, "/chat");
    child.awaitLine("Started");
    Client.until("the probe", () -> status(port, "/livez") == 200);
    child.go();
    assertThat(client.refusal()).isEqualTo(503);
    assertThat(child.exitCode()).isEqualTo(1);
    assertThat(child.output()).contains("phase services failed", "services broken on purpose");
  }

  @Test
  void aSignalWhileItStartsRefusesWhoWaits() throws Exception {
    Child child = start(WaitsThenFails.class, Map.of(), "--server.port=0");
    Client client = Client.at(child.port(), "/chat");
    child.awaitLine("a bean waits");
    child.terminate();
    assertThat(client.refusal()).isEqualTo(503);
    child.go();
    child.exitCode();
  }

  @Test
  void aSignalWhileItServesClosesSessionsWith1012() throws Exception {
    Child child = start(Main.class, Map.of(), "--server.port=0");
    Client client = Client.at(child.port(), "/chat");
    assertThat(client.echo("hello")).isEqualTo("hello");
    child.terminate();
    assertThat(client.closeCode()).isEqualTo(Drain.SERVICE_RESTART);
    // 128 + SIGTERM.
    assertThat(child.exitCode()).isEqualTo(143);
  }

  private static int status(int port, String path) {
    try {
      return Client.get(port, path).statusCode();
    } catch (Exception e) {
      return 0;
    }
  }

  private Child start(Class<?> main, Map<String, String> environment, String... args)
      throws IOException {
    return new Child(main, environment, folder, args);
  }

  /** One JVM. It says its port first, and waits for a line where its main class says so. */
  private static final class Child {
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
  }

  private static void awaitGo() {
    try {
      if (System.in.read() < 0) {
        throw new IllegalStateException("the test went away");
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One line in main. */
  static final class Main {
    public static void main(String[] args) {
      VestibuleApplication.run(SaysItsPort.class, args);
    }
  }

  /** The port is any free one. */
  @Import(App.class)
  static class SaysItsPort {
    @Bean
    static org.springframework.beans.factory.config.BeanFactoryPostProcessor port() {
      return beans -> System.out.println("door " + beans.getBean(dev.vestibule.Door.class).port());
    }
  }

  /** Its context fails when it is told to go on. */
  @Import(SaysItsPort.class)
  static class WaitsThenFails {
    public static void main(String[] args) {
      VestibuleApplication.run(WaitsThenFails.class, args);
    }

    @Bean
    Object broken() {
      System.out.println("a bean waits");
      awaitGo();
      throw new IllegalStateException("broken on purpose");
    }
  }

  /** One of its phases fails when it is told to go on. */
  @Import(SaysItsPort.class)
  static class FailsLater {
    public static void main(String[] args) {
      Startup startup =
          Startup.define()
              .phase(
                  "services",
                  phase ->
                      phase.run(() -> {
                        awaitGo();
                        throw new IllegalStateException("services broken on purpose");
                      }))
              .build();
      startup.start();
      VestibuleApplication.of(FailsLater.class).startup(startup).runOrExit(args);
    }
  }
}
