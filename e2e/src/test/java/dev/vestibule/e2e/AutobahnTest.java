package dev.vestibule.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The cases of Autobahn|Testsuite, against a server and against the same server behind the gateway:
 * no case may come out differently. {@code -Dautobahn=all} runs those too that take minutes and are
 * about how fast large messages are.
 */
class AutobahnTest {

  private static final Path TARGET = Path.of("target", "autobahn").toAbsolutePath();
  private static final Path REPORTS = TARGET.resolve("reports");
  private static final Path DRIVER = Path.of("src", "test", "python", "fuzzing-client.py");
  private static final long PATIENCE_SECONDS = 1_200;
  private static final JsonMapper JSON = new JsonMapper();

  @Test
  void everyCaseComesOutAsWithoutTheGateway() throws Exception {
    try (RunningProcess server = SlowServer.NODE.start();
        GatewayProcess gateway = GatewayProcess.before(SlowServer.port(server))) {
      JsonNode results = run(SlowServer.port(server), gateway.port());
      Map<String, String> direct = outcomes(results.path("direct"));
      Map<String, String> through = outcomes(results.path("gateway"));

      System.out.println("direct:  " + direct.size() + " cases, " + summary(direct));
      System.out.println("gateway: " + through.size() + " cases, " + summary(through));
      assertThat(direct).hasSizeGreaterThan(150);
      assertThat(through).isEqualTo(direct);
      assertThat(through.values()).noneMatch(outcome -> outcome.contains("FAILED"));
    }
  }

  private static JsonNode run(int server, int gateway) throws IOException, InterruptedException {
    Files.createDirectories(REPORTS);
    Files.deleteIfExists(REPORTS.resolve("index.json"));
    Path specification = TARGET.resolve("specification.json");
    JSON.writeValue(specification.toFile(), specification(server, gateway));
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            // Otherwise Jython lists every package of every jar first, in a cache.
            "-Dpython.cachedir.skip=true",
            "-cp",
            TARGET + "/*",
            "org.python.util.jython",
            DRIVER.toAbsolutePath().toString(),
            specification.toString());
    try (RunningProcess client = new RunningProcess(builder)) {
      assertThat(client.exitCode(PATIENCE_SECONDS)).as(client::output).isZero();
    }
    return JSON.readTree(REPORTS.resolve("index.json").toFile());
  }

  private static Map<String, Object> specification(int server, int gateway) {
    return Map.of(
        "outdir",
        REPORTS.toString(),
        "options",
        // What the plugin sets: a case in which the connection is only dropped is not failed.
        Map.of("failByDrop", false),
        "servers",
        List.of(at("direct", server), at("gateway", gateway)),
        "cases",
        List.of("*"),
        "exclude-cases",
        System.getProperty("autobahn", "").equals("all") ? List.of() : List.of("9.*"),
        "exclude-agent-cases",
        Map.of());
  }

  private static Map<String, Object> at(String name, int port) {
    return Map.of("agent", name, "url", "ws://127.0.0.1:" + port, "options", Map.of("version", 18));
  }

  /** For each case: behaviour, behaviour at the close, and the server's close code. */
  private static Map<String, String> outcomes(JsonNode cases) {
    Map<String, String> outcomes = new TreeMap<>();
    cases
        .properties()
        .forEach(each ->
            outcomes.put(
                each.getKey(),
                each.getValue().path("behavior").asString()
                    + ", "
                    + each.getValue().path("behaviorClose").asString()
                    + ", "
                    + each.getValue().path("remoteCloseCode")));
    return outcomes;
  }

  private static Map<String, Long> summary(Map<String, String> outcomes) {
    return outcomes.values().stream()
        .collect(
            Collectors.groupingBy(
                outcome -> outcome.substring(0, outcome.indexOf(',')),
                TreeMap::new,
                Collectors.counting()));
  }
}
