package dev.vestibule.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Gate;
import dev.vestibule.HandshakeOutcome;
import dev.vestibule.Startup;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/metrics.md} says what is there, and no more. */
class MetricsPageTest {

  private static final Path PAGE = Path.of("..", "..", "docs", "metrics.md");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(vestibule\\.[a-z.]+)` \\| ([^|]*) \\| ([^|]*) \\| ([^|]*) \\|");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  MetricsPageTest() {
    Startup startup = Startup.define().phase("services", p -> p.signalled()).build();
    Gate gate = Gate.before(startup).route("/chat/**", r -> r.requiresAll()).build();
    VestibuleMetrics.bind(registry, startup, gate);
    HandshakeMetrics.bind(registry, gate)
        .answered("/chat/**", HandshakeOutcome.OPENED, Duration.ofNanos(300_000));
    SessionMetrics.bind(registry, () -> 0);
  }

  /** Name, Prometheus' name, kind and tags, as a row of the page says them. */
  private Set<String> registered() {
    return registry.getMeters().stream()
        .map(meter -> meter.getId())
        .map(id -> "%s %s %s %s".formatted(id.getName(), prometheus(id), kind(id), tags(id)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String kind(Meter.Id id) {
    return id.getType().name().toLowerCase(Locale.ROOT);
  }

  private static String tags(Meter.Id id) {
    return id.getTags().stream()
        .map(tag -> "`" + tag.getKey() + "`")
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private String prometheus(Meter.Id id) {
    return id.getConventionName(registry.config().namingConvention())
        + (id.getType() == Meter.Type.COUNTER ? "_total" : "");
  }

  @Test
  void everyMeterHasItsRowAndEveryRowItsMeter() throws IOException {
    Set<String> said = new TreeSet<>();
    Matcher row = ROW.matcher(Files.readString(PAGE));
    while (row.find()) {
      said.add(
          "%s %s %s %s"
              .formatted(
                  row.group(1),
                  row.group(2).replace("`", "").strip(),
                  row.group(3).strip(),
                  row.group(4).strip()));
    }
    assertThat(said).isEqualTo(registered());
  }

  @Test
  void aHistogramHasTheCutsOfThePageAndNoMore() throws IOException {
    String scrape = registry.scrape();
    long cuts =
        scrape
            .lines()
            .filter(line -> line.startsWith("vestibule_connect_seconds_bucket"))
            .filter(line -> line.contains("outcome=\"opened\""))
            .count();
    // And one without an end.
    assertThat(cuts).isEqualTo(Buckets.cuts().length + 1);
    assertThat(scrape)
        .contains("outcome=\"opened\",route=\"/chat/**\",le=\"2.5E-4\"} 0")
        .contains("outcome=\"opened\",route=\"/chat/**\",le=\"5.0E-4\"} 1")
        .contains("outcome=\"opened\",route=\"/chat/**\",le=\"30.0\"} 1");
    assertThat(Files.readString(PAGE)).contains(words());
  }

  private static String words() {
    StringBuilder words = new StringBuilder();
    for (Duration cut : Buckets.cuts()) {
      words.append(words.isEmpty() ? "" : ", ");
      double millis = cut.toNanos() / 1e6;
      String number = Double.toString(millis < 1000 ? millis : millis / 1000);
      words.append(number.replaceFirst("\\.0$", "")).append(millis < 1000 ? " ms" : " s");
    }
    return words.toString();
  }
}
