package dev.vestibule.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.chat.conversation.AnswerTimes.Outcome;
import dev.vestibule.chat.model.Model;
import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FiguresTest {

  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(chat\\.[a-z.]+)` \\| `([^|]*)` \\| ([^|]*) \\| ([^|]*) \\|");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Figures figures = new Figures();

  @Test
  void answersAreMeasuredByWhoAnsweredAndHowItEnded() {
    figures.answered("guide", null, Duration.ofSeconds(1), Outcome.COMPLETE);
    figures.bindTo(registry, () -> 3, "guide");
    figures.answered("guide", Duration.ofMillis(20), Duration.ofMillis(70), Outcome.COMPLETE);
    figures.answered("guide", null, Duration.ofMillis(5), Outcome.STOPPED);
    figures.answered("model", Duration.ofMillis(9), Duration.ofMillis(90), Outcome.BROKEN_OFF);

    assertThat(answers("guide", "complete")).isEqualTo(70);
    assertThat(answers("guide", "stopped")).isEqualTo(5);
    assertThat(answers("guide", "broken_off")).isZero();
    assertThat(answers("model", "broken_off")).isEqualTo(90);
    assertThat(registry.get("chat.first.token").tag("assistant", "guide").timer().count())
        .isEqualTo(1);
    assertThat(registry.get("chat.answers.under.way").gauge().value()).isEqualTo(3);
  }

  @Test
  void failuresOfAModelAreCountedByKindAndOnlyWhereThereIsOne() {
    figures.modelFailed("cut");
    figures.bindTo(registry, () -> 0, "guide");
    assertThat(registry.find("chat.model.failures").counters()).isEmpty();
    figures.bindFailures(registry, Model.failureKinds());
    figures.modelFailed("cut");
    figures.modelFailed("cut");
    figures.modelFailed("no such kind");

    assertThat(registry.get("chat.model.failures").tag("kind", "cut").counter().count())
        .isEqualTo(2);
    assertThat(registry.find("chat.model.failures").counters())
        .extracting(counter -> counter.getId().getTag("kind"))
        .containsExactlyInAnyOrderElementsOf(Model.failureKinds())
        .contains("down", "busy", "length", "key")
        .doesNotContain("stopped");
  }

  private double answers(String assistant, String outcome) {
    return registry
        .get("chat.answer")
        .tags("assistant", assistant, "outcome", outcome)
        .timer()
        .totalTime(TimeUnit.MILLISECONDS);
  }

  @Test
  void thePageHasARowForEachAndNoOther() throws IOException {
    figures.bindTo(registry, () -> 0, "guide");
    figures.bindFailures(registry, Model.failureKinds());
    Set<String> said = new TreeSet<>();
    Matcher row = ROW.matcher(Files.readString(Path.of("..", "docs", "metrics.md")));
    while (row.find()) {
      said.add("%s %s %s %s".formatted(row.group(1), row.group(2), row.group(3), row.group(4)));
    }
    assertThat(said)
        .isEqualTo(
            registry.getMeters().stream()
                .map(meter -> row(meter.getId()))
                .collect(Collectors.toSet()));
  }

  private String row(Meter.Id id) {
    String tags =
        id.getTags().stream()
            .map(tag -> "`" + tag.getKey() + "`")
            .sorted()
            .collect(Collectors.joining(", "));
    return "%s %s %s %s"
        .formatted(
            id.getName(),
            id.getConventionName(registry.config().namingConvention())
                + (id.getType() == Meter.Type.COUNTER ? "_total" : ""),
            id.getType().name().toLowerCase(Locale.ROOT),
            tags);
  }
}
