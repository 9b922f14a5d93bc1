package dev.vestibule.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of a start, and what it does to those who knock at the next. */
class RememberingTest {

  @TempDir private Path directory;

  @Test
  void aWaitThatWouldBeInVainIsRefusedAtOnce() throws Exception {
    Path file = directory.resolve("history");
    try (Running running = Running.start(App.class, "--vestibule.history.file=" + file)) {
      running.lastStep.finish();
      running.context();
    }
    String line = Files.readAllLines(file).get(1);
    assertThat(line).matches("[0-9a-f]{16} application=[0-9]+\\.[0-9]{3}");

    String slow = line.replaceFirst("=.*", "=600000.000\n");
    Path seed = directory.resolve("seed");
    Files.writeString(seed, "vestibule-history 1\n" + slow.repeat(5) + "end 5\n");
    try (Running running = Running.start(App.class, "--vestibule.history.seed=" + seed)) {
      HttpResponse<String> refused = Client.get(running.port(), "/chat");
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.body()).contains("\"reason\":\"TOO_LONG\"");
      assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow())
          .isBetween(500L, 1200L);
    }
  }

  @Test
  void aStartThatFailedIsKeptAsHavingTakenAtLeastAsLong() throws Exception {
    Path file = directory.resolve("history");
    try (Running running = Running.start(App.class, "--vestibule.history.file=" + file)) {
      running.lastStep.fail();
      assertThat(running.failure()).isNotNull();
    } catch (java.util.concurrent.CompletionException e) {
      // Closing finds no context to close.
    }
    assertThat(file).content().contains(" application!");
  }
}
