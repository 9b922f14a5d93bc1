package dev.vestibule.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A real Prometheus on loopback that scrapes one server every second. */
final class Prometheus implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final RunningProcess process;
  private final URI api;

  private Prometheus(RunningProcess process, int port) {
    this.process = process;
    this.api = URI.create("http://127.0.0.1:" + port + "/api/v1/");
  }

  static Prometheus start(Path directory, int scraped, Path rules) throws Exception {
    int port = Chat.freePort();
    Path configuration = directory.resolve("prometheus.yaml");
    Files.writeString(
        configuration,
        """
        global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
        rule_files: ['%s']
        scrape_configs:
          - job_name: chat
            static_configs: [{targets: ['127.0.0.1:%d']}]
        """
            .formatted(rules.toAbsolutePath().normalize(), scraped));
    RunningProcess process =
        new RunningProcess(
            new ProcessBuilder(
                program("prometheus"),
                "--config.file=" + configuration,
                "--storage.tsdb.path=" + directory.resolve("tsdb"),
                "--web.listen-address=127.0.0.1:" + port));
    process.await("Server is ready to receive web requests");
    return new Prometheus(process, port);
  }

  /** What promtool, which comes with it, says of files; fails when it finds fault with them. */
  static String promtool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(program("promtool")));
    command.addAll(List.of(arguments));
    try (RunningProcess tool = new RunningProcess(new ProcessBuilder(command))) {
      assertThat(tool.exitCode()).as(tool.output()).isZero();
      return tool.output();
    }
  }

  /** In the directory that PROMETHEUS names, else on the path. */
  private static String program(String name) {
    String named = System.getenv("PROMETHEUS");
    Stream<String> places =
        named == null
            ? Arrays.stream(String.valueOf(System.getenv("PATH")).split(":"))
            : Stream.of(named);
    return places
        .map(place -> Path.of(place, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() ->
            new AssertionError(
                "PROMETHEUS: %s (expected: the directory of prometheus and promtool; on Debian: "
                        .formatted(named)
                    + "apt-get install prometheus, or ./vestibule test)"))
        .toString();
  }

  /** The results of an instant query; fails when there is an error. */
  JsonNode query(String expression) throws IOException, InterruptedException {
    return get("query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
        .path("result");
  }

  /** Every rule's name, health and last error. */
  List<String> rules() throws IOException, InterruptedException {
    List<String> rules = new ArrayList<>();
    for (JsonNode group : get("rules").path("groups")) {
      for (JsonNode rule : group.path("rules")) {
        rules.add(
            "%s %s%s"
                .formatted(
                    rule.path("name").asString(""),
                    rule.path("health").asString(""),
                    rule.path("lastError").asString("")));
      }
    }
    return rules;
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(HttpRequest.newBuilder(api.resolve(path)).build(), BodyHandlers.ofString());
    JsonNode answer = JSON.readTree(response.body());
    assertThat(answer.path("status").asString("")).as(path + ": " + answer).isEqualTo("success");
    return answer.path("data");
  }

  /** Waits until a query has a result. */
  void awaitResult(String expression) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (query(expression).isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("nothing came of " + expression + "\n" + process.output());
      }
      // The next scrape is a second away; asking is the only way to learn of it.
      java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
    }
  }

  @Override
  public void close() {
    process.close();
    http.close();
  }
}
