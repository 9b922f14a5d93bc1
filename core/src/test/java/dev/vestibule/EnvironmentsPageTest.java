package dev.vestibule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.environment.Environment;
import dev.vestibule.environment.Platform;
import dev.vestibule.environment.Presets;
import dev.vestibule.environment.TimeoutBounds;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/environments.md} is made from the code, so that it cannot say anything else. */
class EnvironmentsPageTest {

  private static final Path PAGE = Path.of("..", "docs", "environments.md");

  private static final List<String> PHASES = List.of("database", "cache", "services");

  @Test
  void thePageSaysWhatTheCodeDoes() throws IOException {
    String page = page();
    if (Boolean.getBoolean("vestibule.docs.write")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE))
        .as(
            "docs/environments.md; to write it: mvn -q -pl core test -Dtest=EnvironmentsPageTest"
                + " -Dvestibule.docs.write=true")
        .isEqualTo(page);
  }

  private static String page() throws IOException {
    return settings() + limitsAndPlatforms() + questions();
  }

  private static String settings() {
    return """
    # Environments

    <!-- Written by EnvironmentsPageTest from dev.vestibule.environment.Presets; do not edit. -->

    `vestibule.environment` (environment variable `VESTIBULE_ENVIRONMENT`; for the chat also `--environment`) is one of
    %s.
    Nobody guesses it: without the setting it is **production**, whose limits are the longest. An unknown
    value ends the start: `vestibule.environment: prod (expected: one of production, ...)`. The platform is recognised: Cloud Run by `K_SERVICE`, Kubernetes by `KUBERNETES_SERVICE_HOST`.

    Everything here is a default. Whatever you set yourself is taken as it is. The values in force, and where each comes from,
    are in the log once at the start, secrets masked:

    ```
    VESTIBULE_ENVIRONMENT=staging ./vestibule chat --port 0 2>&1 | cat
    ```

    """
        .formatted(Environment.choices().replaceAll("(\\w+)", "`$1`"));
  }

  private static String limitsAndPlatforms() {
    return """
    ## How long a phase may take that names no timeout

    base x multiplier x margin, at most the cap, at least the floor. Cloud Run's floors exceed a smaller cap.

    %s
    Measured: once past startups are known, what 95 of 100 took at most x margin, within the floor and cap of this column,
    but no less than twice the longest ([why](estimates.md#the-limits-that-it-gives)). A
    phase that is neither in the table nor measured has no limit, and those who wait for it are bounded by their own time alone.

    ## What follows from the platform

    %s
    """
        .formatted(limits(), platforms());
  }

  private static String questions() throws IOException {
    return """
    ## How often something is asked

    The same in every environment: a question costs the same everywhere.

    | what | interval |
    |---|---|
    | a waiter, strategy `signal` (the default) | none: it is woken |
    | a waiter, strategy `fixed` | %s, at most time / interval x 1.2 questions |
    | a waiter, strategy `progressive` | %s; a step further with each question once more than 10 in a row saw the same phase |
    | a probe of something on loopback | %s |
    | a probe of something elsewhere | %s |
    """
        .formatted(
            any().waitInterval().toMillis() + " ms",
            steps(),
            any().probeInterval(InetAddress.getLoopbackAddress()).toMillis() + " ms",
            any().probeInterval(InetAddress.getByAddress(new byte[] {10, 0, 0, 1})).toMillis()
                + " ms");
  }

  private static Presets any() {
    return new Presets(Environment.PRODUCTION, Platform.PLAIN);
  }

  private static String steps() {
    ReadinessStrategy.Polls polls = ReadinessStrategy.progressive().begin();
    return Stream.generate(() -> polls.next("any"))
        .limit(100)
        .distinct()
        .map(EnvironmentsPageTest::seconds)
        .collect(Collectors.joining(", "));
  }

  private static String limits() {
    List<String> head = new ArrayList<>(List.of("environment", "multiplier", "margin", "on"));
    head.addAll(PHASES.stream().map(phase -> "`" + phase + "`").toList());
    head.add("measured");
    StringBuilder table = new StringBuilder(row(head));
    table.append("|---".repeat(head.size())).append("|\n");
    for (Environment environment : Environment.values()) {
      for (Platform platform : List.of(Platform.PLAIN, Platform.CLOUD_RUN)) {
        Presets presets = new Presets(environment, platform);
        List<String> cells = new ArrayList<>();
        cells.add(environment.key());
        cells.add(String.valueOf(environment.multiplier()));
        cells.add(String.valueOf(environment.margin()));
        cells.add(platform == Platform.PLAIN ? "elsewhere" : platform.title());
        for (String phase : PHASES) {
          cells.add(seconds(Objects.requireNonNull(presets.timeout(phase))));
        }
        TimeoutBounds bounds = presets.bounds("any other");
        cells.add(seconds(bounds.floor()) + " to " + seconds(bounds.cap()));
        table.append(row(cells));
      }
    }
    return table.toString();
  }

  private static String platforms() {
    StringBuilder table = new StringBuilder(row(List.of("platform", "drain delay", "grace")));
    table.append("|---|---|---|\n");
    for (Platform platform : Platform.values()) {
      table.append(
          row(
              List.of(
                  platform.title(), seconds(platform.drainDelay()), seconds(platform.grace()))));
    }
    return table.toString();
  }

  private static String row(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }

  private static String seconds(Duration duration) {
    String text = String.format(Locale.ROOT, "%.3f", duration.toMillis() / 1e3);
    return text.replaceAll("\\.?0+$", "") + " s";
  }
}
