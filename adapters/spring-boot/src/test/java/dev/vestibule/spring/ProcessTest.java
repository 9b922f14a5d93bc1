package dev.vestibule.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Startup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
      Child.awaitGo();
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
                        Child.awaitGo();
                        throw new IllegalStateException("services broken on purpose");
                      }))
              .build();
      startup.start();
      VestibuleApplication.of(FailsLater.class).startup(startup).runOrExit(args);
    }
  }
}
