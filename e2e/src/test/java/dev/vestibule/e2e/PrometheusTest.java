package dev.vestibule.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.e2e.ChatUser.Talk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The dashboard and the alert rules, against what a real Prometheus scrapes from a real chat. */
class PrometheusTest {

  private static final Path DEPLOY = Path.of("..", "deploy");
  private static final Path RULES = DEPLOY.resolve("prometheus/alerts.yaml");
  private static final Path RULE_TESTS = DEPLOY.resolve("prometheus/alerts-test.yaml");
  private static final Path DASHBOARD = DEPLOY.resolve("grafana/dashboard.json");
  private static final Path PAGE = Path.of("..", "docs", "metrics.md");
  private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");
  private static final Pattern SELECTOR =
      Pattern.compile("\\b((?:vestibule|chat)_\\w+)(\\{[^}]*})?");

  @Test
  void everyRuleIsSoundTestedAndExplained() throws Exception {
    Prometheus.promtool("check", "rules", RULES.toString());
    Prometheus.promtool("test", "rules", RULE_TESTS.toString());
    String tests = Files.readString(RULE_TESTS);
    String page = Files.readString(PAGE);
    for (String alert : alerts()) {
      assertThat(tests).contains("alertname: " + alert + "\n        exp_alerts:");
      assertThat(page).contains("| `" + alert + "` |");
    }
  }

  @Test
  void everyQueryFindsWhatItAsksFor(@TempDir Path directory) throws Exception {
    Path data = directory.resolve("data");
    Chat.addUser(data, "ada");
    int port = Chat.freePort();
    int admin = Chat.freePort();
    try (RunningProcess server =
        Chat.startHeld(Map.of(), "--port=" + port, "--admin-port=" + admin, "--data=" + data)) {
      try (Prometheus prometheus = Prometheus.start(directory, admin, RULES)) {
        // Before that, sign-in itself waits at the door.
        server.await("phase=websocket outcome=ready");
        ChatUser ada = ChatUser.signIn(port, "ada");
        Talk held = ada.connect();
        Chat.awaitWaiting(server, 1);
        server.say("go");
        held.opened().get(60, TimeUnit.SECONDS);
        Talk passes = ada.connect();
        passes.ask(UUID.randomUUID().toString(), "How did this server start?");
        held.opened().get().sendClose(1000, "").get(60, TimeUnit.SECONDS);
        // Two scrapes that have seen all of it: a rate needs two.
        prometheus.awaitResult(
            "sum(count_over_time((vestibule_closes_total{code=\"1000\"} > 0)[20s:1s])) >= 2");
        prometheus.awaitResult("vestibule_wait_seconds_count{route=\"/chat\"} > 0");

        for (String query : dashboardQueries()) {
          assertThat(prometheus.query(query)).as(query).isNotEmpty();
        }
        for (String selector : selectors()) {
          assertThat(prometheus.query("count(" + selector + ")")).as(selector).isNotEmpty();
        }
        assertThat(prometheus.rules())
            .containsExactlyInAnyOrderElementsOf(
                alerts().stream().map(alert -> alert + " ok").toList());
        assertThat(firing(prometheus)).isEmpty();
      }
    }
  }

  /** A start that went well, with one who waited for it, is nothing to wake anybody for. */
  private static Set<String> firing(Prometheus prometheus) throws Exception {
    Set<String> firing = new TreeSet<>();
    for (JsonNode alert : prometheus.query("ALERTS{alertstate=\"firing\"}")) {
      firing.add(alert.path("metric").path("alertname").asString(""));
    }
    return firing;
  }

  private static List<String> alerts() throws IOException {
    return ALERT
        .matcher(Files.readString(RULES))
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toList());
  }

  private static List<String> dashboardQueries() throws IOException {
    List<String> queries = new ArrayList<>();
    for (JsonNode panel : new ObjectMapper().readTree(Files.readString(DASHBOARD)).path("panels")) {
      for (JsonNode target : panel.path("targets")) {
        queries.add(
            target
                .path("expr")
                .asString("")
                .replace("$__rate_interval", "20s")
                .replace("$instance", ".*"));
      }
    }
    assertThat(queries).hasSizeGreaterThan(20);
    return queries;
  }

  /**
   * What the rules look at, without what they compare it with: a rule that rightly has no result is
   * told from one with a slip in a name or a label.
   */
  private static Set<String> selectors() throws IOException {
    Set<String> selectors = new TreeSet<>();
    for (String line : Files.readAllLines(RULES)) {
      if (line.contains("summary:") || line.strip().startsWith("#")) {
        continue;
      }
      Matcher selector = SELECTOR.matcher(line);
      while (selector.find()) {
        selectors.add(selector.group());
      }
    }
    assertThat(selectors).hasSizeGreaterThan(10);
    // A chat without a model has no figures of one; its alert is tested with promtool.
    assertThat(selectors.removeIf(it -> it.startsWith("chat_model_"))).isTrue();
    return selectors;
  }
}
