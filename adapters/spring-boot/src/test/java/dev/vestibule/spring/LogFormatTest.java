package dev.vestibule.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Startup;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** What a whole process prints, from the first line to the last, in each format. */
class LogFormatTest {

  private static final String AWKWARD = "said \"no\"\nand \\ went\tto 北京 \uD83D\uDE80";
  private static final String WAITED =
      "Signal wait completed successfully: strategy=signal phase=application outcome=admitted";

  @TempDir Path folder;

  @Test
  void onCloudRunEveryLineIsAnEntryOfCloudLogging() throws Exception {
    Map<String, String> variables = Map.of("K_SERVICE", "chat", "GOOGLE_CLOUD_PROJECT", "house");
    List<Map<String, Object>> entries = entries(run(variables));
    assertThat(entries)
        .allSatisfy(it -> {
          assertThat(it.get("severity")).isIn("DEBUG", "INFO", "WARNING", "ERROR");
          assertThat(Instant.parse(text(it, "time"))).isAfter(Instant.EPOCH);
          assertThat(text(it, "message")).isNotEmpty();
        });
    assertThat(with(entries, "phase early ready")).containsEntry("severity", "INFO");
    assertThat(with(entries, "Vestibule's settings:").get("message"))
        .asString()
        .containsPattern("logging.format +cloud +Cloud Run");
    assertThat(with(entries, WAITED)).containsEntry("severity", "INFO");
    assertThat(with(entries, AWKWARD))
        .containsEntry("message", AWKWARD)
        .containsEntry("severity", "WARNING")
        .containsEntry("logging.googleapis.com/trace", "projects/house/traces/4bf92f35")
        .containsEntry("logging.googleapis.com/spanId", "00f067aa")
        .containsEntry("context", Map.of("user", "ada"));
    Map<String, Object> failed = with(entries, "failed as it should");
    assertThat(failed).containsEntry("severity", "ERROR");
    assertThat(text(failed, "stack_trace"))
        .contains("IllegalStateException: broken \"on purpose\"")
        .contains("\n\tat " + LogFormatTest.class.getName());
    assertThat(failed).doesNotContainKeys("logging.googleapis.com/trace", "context");
  }

  @Test
  void elasticCommonSchemaWhereItIsAskedFor() throws Exception {
    List<Map<String, Object>> entries = entries(run(Map.of("VESTIBULE_LOGGING_FORMAT", "ecs")));
    assertThat(entries)
        .allSatisfy(it -> {
          assertThat(it).containsKeys("@timestamp", "log", "message");
          assertThat(it.get("ecs")).isEqualTo(Map.of("version", "8.11"));
        });
    assertThat(with(entries, WAITED).get("log")).asString().contains("dev.vestibule.wait");
    assertThat(with(entries, "Vestibule's settings:").get("message"))
        .asString()
        .containsPattern("logging.format +ecs +VESTIBULE_LOGGING_FORMAT$");
    assertThat(with(entries, AWKWARD)).containsEntry("message", AWKWARD);
    assertThat(with(entries, "failed as it should").get("error"))
        .asString()
        .contains("IllegalStateException", "LogFormatTest");
    assertThat(with(entries, "phase early ready").get("log")).asString().contains("INFO");
  }

  @Test
  void textUnlessSomebodySaysOtherwise() throws Exception {
    Child child = run(Map.of());
    assertThat(child.output()).doesNotContain("{\"").contains(WAITED, "phase early ready");
    // Boot's own setting is left to Boot, also on Cloud Run.
    child = run(Map.of("K_SERVICE", "chat"), "--logging.structured.format.console=logstash");
    assertThat(child.output()).contains("\"@version\":\"1\"", "\"logger_name\"");
    child = run(Map.of("K_SERVICE", "chat", "VESTIBULE_LOGGING_FORMAT", "text"));
    assertThat(child.output()).doesNotContain("{\"").contains(WAITED);
  }

  @Test
  void mistakesAreOneEntryOnCloudRun() throws Exception {
    Child child =
        new Child(
            Logs.class,
            Map.of("K_SERVICE", "chat", "VESTIBULE_ENVIRONMENT", "prod"),
            folder,
            "--server.port=0",
            "--vestibule.max-waiting=-1");
    assertThat(child.exitCode()).isEqualTo(2);
    List<Map<String, Object>> entries = parse(child.errors());
    assertThat(entries).hasSize(1);
    assertThat(text(entries.get(0), "message"))
        .contains("vestibule.environment: prod", "vestibule.max-waiting: -1");
    assertThat(entries.get(0)).containsEntry("severity", "ERROR");
    parse(child.output());
  }

  private Child run(Map<String, String> variables, String... args) throws Exception {
    List<String> all = new ArrayList<>(List.of(args));
    all.add("--server.port=0");
    Child child = new Child(Logs.class, variables, folder, all.toArray(String[]::new));
    String line = child.awaitLine("the door is at ");
    int port = Integer.parseInt(line.replaceFirst(".*the door is at (\\d+)\\..*", "$1"));
    Client client = Client.at(port, "/chat");
    // It is told to go on only once somebody waits.
    child.awaitLine("somebody waits");
    child.go();
    client.opened.join();
    child.awaitLine("failed as it should");
    client.opened.join().abort();
    child.terminate();
    child.exitCode();
    return child;
  }

  private static List<Map<String, Object>> entries(Child child) throws Exception {
    assertThat(child.errors()).isEmpty();
    return parse(child.output());
  }

  private static List<Map<String, Object>> parse(String lines) {
    List<Map<String, Object>> entries = new ArrayList<>();
    for (String line : lines.lines().toList()) {
      assertThat(line).startsWith("{").endsWith("}");
      entries.add(new LinkedHashMap<>(JsonParserFactory.getJsonParser().parseMap(line)));
    }
    return entries;
  }

  private static Map<String, Object> with(List<Map<String, Object>> entries, String message) {
    List<Map<String, Object>> found =
        entries.stream().filter(it -> text(it, "message").contains(message)).toList();
    assertThat(found).as("one entry with '%s' in %s", message, entries).hasSize(1);
    return found.get(0);
  }

  private static String text(Map<String, Object> entry, String member) {
    return String.valueOf(entry.get(member));
  }

  /** Logs in every way that there is, and before Spring is there. */
  @Import(App.class)
  static class Logs {
    public static void main(String[] args) throws InterruptedException {
      Startup startup =
          Startup.define()
              .phase("early", phase -> phase.run(() -> {}))
              .phase("application", phase -> phase.signalled())
              .build();
      VestibuleApplication.of(Logs.class).startup(startup).runOrExit(args);
    }

    @Bean
    static BeanFactoryPostProcessor port() {
      return beans ->
          System.getLogger("dev.vestibule.test")
              .log(
                  System.Logger.Level.INFO,
                  "the door is at " + beans.getBean(dev.vestibule.Door.class).port() + ".");
    }

    @Bean
    ApplicationRunner logs(dev.vestibule.Gate gate) {
      return args -> {
        var log = LoggerFactory.getLogger("com.example");
        Client.until("a waiter", () -> gate.snapshot().waiting() == 1);
        log.info("somebody waits");
        Child.awaitGo();
        MDC.put("traceId", "4bf92f35");
        MDC.put("spanId", "00f067aa");
        MDC.put("user", "ada");
        log.warn("{}", AWKWARD);
        MDC.clear();
        System.getLogger("com.example.system")
            .log(
                System.Logger.Level.ERROR,
                "failed as it should",
                new IllegalStateException("broken \"on purpose\""));
      };
    }
  }
}
