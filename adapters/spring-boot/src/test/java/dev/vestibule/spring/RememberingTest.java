package dev.vestibule.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Estimate;
import dev.vestibule.Estimator;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
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
    assertThat(line)
        .matches("[0-9a-f]{16} [0-9TZ:-]{20} complete [0-9.]+ application=[0-9]+\\.[0-9]{3}");

    String slow = line.replaceFirst("=.*", "=600000.000\n");
    Path seed = directory.resolve("seed");
    Files.writeString(seed, "vestibule-history 1\n" + slow.repeat(5) + "end 5\n");
    try (Running running = Running.start(App.class, "--vestibule.history.seed=" + seed)) {
      HttpResponse<String> refused = Client.get(running.port(), "/chat");
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.body()).contains("\"reason\":\"TOO_LONG\"");
      assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow())
          .isBetween(300L, 361L);
    }
  }

  @Test
  void theGateAsksTheApplicationsOwnEstimator() throws Exception {
    Duration minutes = Duration.ofMinutes(10);
    Estimator own = (startup, phases) -> new Estimate(minutes, minutes, minutes, 12);
    VestibuleApplication application =
        VestibuleApplication.of(App.class).singleton("estimator", own);
    try (Running running = Running.start(application)) {
      HttpResponse<String> refused = Client.get(running.port(), "/chat");
      assertThat(refused.body()).contains("\"reason\":\"TOO_LONG\"");
    }
  }

  @Test
  void theAdminSideShowsTheLastStarts() throws Exception {
    Path file = directory.resolve("history");
    String keep = "--vestibule.history.file=" + file;
    try (Running running = Running.start(App.class, keep)) {
      running.lastStep.finish();
      running.context();
    }
    try (Running running = Running.start(App.class, keep, "--vestibule.admin.port=0")) {
      running.lastStep.finish();
      String url = running.context().getBean(AdminServer.class).url();
      int port = URI.create(Objects.requireNonNull(url)).getPort();
      assertThat(Client.get(port, "/startupz").body())
          .as("the one before, and this one, which is over")
          .containsPattern(
              "\"pastStarts\":\\[(\\{\"at\":\"[^\"]+\",\"state\":\"COMPLETE\",[^\\]]+]},?){2}]");
      assertThat(Client.send("GET", port, "/startupz", "text/html").body())
          .contains("<h2>Last starts</h2>")
          .containsPattern(">complete</td>.*>application [0-9.]+ s</td>");
      assertThat(Client.get(running.port(), "/startupz").body()).doesNotContain("pastStarts");
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
