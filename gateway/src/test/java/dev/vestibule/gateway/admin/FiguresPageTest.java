package dev.vestibule.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Reason;
import dev.vestibule.gateway.Passage;
import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code docs/gateway-admin.md} says which figures there are, and no more; and what they count. */
class FiguresPageTest {

  private static final Path PAGE = Path.of("..", "docs", "gateway-admin.md");
  private static final Path COMMON = Path.of("..", "docs", "metrics.md");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(vestibule\\.[a-z.]+)` \\| ([^|]*) \\| ([^|]*) \\| ([^|]*) \\|");

  private final House house = new House();
  private final PassageCount count = new PassageCount(List.of("shop", "app"));
  private final Figures figures = new Figures(house.inside, count, () -> 3);

  @AfterEach
  void close() {
    house.close();
  }

  private static Set<String> rows(Path page, String tag) throws IOException {
    Set<String> said = new TreeSet<>();
    Matcher row = ROW.matcher(Files.readString(page));
    while (row.find()) {
      Set<String> tags = new TreeSet<>();
      for (String one : (row.group(4) + "," + tag).split(",", -1)) {
        if (!one.isBlank()) {
          tags.add(one.strip());
        }
      }
      said.add(
          "%s %s %s %s"
              .formatted(
                  row.group(1),
                  row.group(2).replace("`", "").strip(),
                  row.group(3).strip(),
                  String.join(", ", tags)));
    }
    return said;
  }

  private Set<String> registered(boolean own) {
    PrometheusMeterRegistry registry = figures.registry();
    return registry.getMeters().stream()
        .map(Meter::getId)
        .filter(id -> id.getName().startsWith("vestibule.gateway.") == own)
        .map(id ->
            "%s %s %s %s"
                .formatted(
                    id.getName(),
                    id.getConventionName(registry.config().namingConvention())
                        + (id.getType() == Meter.Type.COUNTER ? "_total" : ""),
                    id.getType().name().toLowerCase(Locale.ROOT),
                    id.getTags().stream()
                        .map(tag -> "`" + tag.getKey() + "`")
                        .sorted()
                        .collect(Collectors.joining(", "))))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyFigureOfItsOwnHasItsRowAndEveryRowItsFigure() throws IOException {
    assertThat(rows(PAGE, "")).isEqualTo(registered(true));
  }

  @Test
  void theOthersAreThoseOfEveryGateWithTheUpstreamsName() throws IOException {
    Set<String> common = rows(COMMON, "`upstream`");
    // An adapter's: the gateway has passages in its place.
    common.removeIf(row -> row.startsWith("vestibule.connect "));
    assertThat(registered(false)).isEqualTo(common);
  }

  private void ended(Passage passage) {
    count.ended(passage);
    figures.ended(passage);
  }

  @Test
  void theyCountWhatHappened() {
    house.sessionsOfApp = 1;
    count.of("app").connectFailed();
    count.of("shop").restarted();
    ended(Passages.session("app", 1000));
    ended(Passages.session("app", 4401));
    ended(Passages.cutMidFrame("app"));
    ended(Passages.refused("shop", Reason.FULL));
    ended(Passages.bad("GET", "/nowhere"));
    assertThat(figures.scrape())
        .contains("vestibule_gateway_connections 3.0")
        .contains("vestibule_gateway_access_dropped_total 3.0")
        .contains("vestibule_sessions{upstream=\"app\"} 1.0")
        .contains("vestibule_sessions{upstream=\"shop\"} 0.0")
        .contains("vestibule_gateway_connect_failures_total{upstream=\"app\"} 1.0")
        .contains("vestibule_gateway_restarts_total{upstream=\"shop\"} 1.0")
        .contains("vestibule_gateway_cut_midframe_total{upstream=\"app\"} 1.0")
        .contains("vestibule_gateway_bytes_total{direction=\"in\",upstream=\"app\"} 2468.0")
        .contains("vestibule_gateway_bytes_total{direction=\"out\",upstream=\"app\"} 12256.0")
        .contains(passages("upgrade", "passed", "app", 3))
        .contains(passages("request", "refused", "shop", 1))
        .contains(passages("request", "rejected", "-", 1))
        .contains(passages("request", "passed", "app", 0))
        .contains("vestibule_closes_total{code=\"1000\",upstream=\"app\"} 1.0")
        .contains("vestibule_closes_total{code=\"4xxx\",upstream=\"app\"} 1.0")
        .contains("vestibule_closes_total{code=\"1006\",upstream=\"app\"} 1.0");
  }

  private static String passages(String kind, String outcome, String upstream, int count) {
    return "vestibule_gateway_passages_total{kind=\"%s\",outcome=\"%s\",upstream=\"%s\"} %d.0"
        .formatted(kind, outcome, upstream, count);
  }

  @Test
  void theyFollowTheStartThatCountsNow() {
    String ready = "vestibule_startup_state{state=\"complete\",upstream=\"app\"} ";
    house.app.start();
    house.app.ready(house.app.startup());
    assertThat(figures.scrape()).contains(ready + "1.0");
    house.app.lost(house.app.startup(), new IllegalStateException("killed"));
    assertThat(figures.scrape()).contains(ready + "0.0");
    // Not of the start that is over, which stays as it is.
    house.app.ready(house.app.startup());
    assertThat(figures.scrape()).contains(ready + "1.0");
  }
}
