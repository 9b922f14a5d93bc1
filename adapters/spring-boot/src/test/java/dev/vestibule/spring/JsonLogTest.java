package dev.vestibule.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.json.JsonParserFactory;

/** What is written by hand, read by somebody else's parser. */
class JsonLogTest {

  private static final String AWKWARD =
      "said \"no\"\r\nand \\ went\tto \u0000\u0007\u007f \u5317\u4eac \uD83D\uDE80 \uD83D {0}";

  private static Map<String, Object> parse(
      Formatter formatter, Level level, @Nullable Throwable thrown) {
    LogRecord entry = new LogRecord(level, AWKWARD);
    entry.setLoggerName("dev.vestibule.test");
    entry.setInstant(Instant.parse("2026-11-26T17:05:59.123456789Z"));
    entry.setThrown(thrown);
    String line = formatter.format(entry);
    assertThat(line).endsWith("}\n").matches("\\p{ASCII}*");
    assertThat(line.lines()).hasSize(1);
    return JsonParserFactory.getJsonParser().parseMap(line);
  }

  @Test
  void whateverAMessageSaysItIsOneLineOfCloudLogging() {
    Throwable thrown = new IllegalStateException("broken \"on purpose\"\n", new Error());
    Map<String, Object> entry = parse(LogFormat.CLOUD.formatter("chat"), Level.SEVERE, thrown);
    assertThat(entry)
        .containsEntry("severity", "ERROR")
        .containsEntry("time", "2026-11-26T17:05:59.123456789Z")
        .containsEntry("message", AWKWARD)
        .containsEntry("logger", "dev.vestibule.test")
        .containsEntry("thread", Thread.currentThread().getName());
    assertThat(entry.get("stack_trace"))
        .asString()
        .contains("broken \"on purpose\"\n", "Caused by: java.lang.Error", "JsonLogTest");
    assertThat(parse(LogFormat.CLOUD.formatter(""), Level.WARNING, null))
        .containsEntry("severity", "WARNING")
        .doesNotContainKey("stack_trace");
    assertThat(parse(LogFormat.CLOUD.formatter(""), Level.INFO, null))
        .containsEntry("severity", "INFO");
    assertThat(parse(LogFormat.CLOUD.formatter(""), Level.FINE, null))
        .containsEntry("severity", "DEBUG");
  }

  @Test
  void andOneLineOfElasticCommonSchema() {
    Map<String, Object> entry =
        parse(LogFormat.ECS.formatter("chat"), Level.WARNING, new Error("broken"));
    assertThat(entry)
        .containsEntry("@timestamp", "2026-11-26T17:05:59.123456789Z")
        .containsEntry("message", AWKWARD)
        .containsEntry("log", Map.of("level", "WARN", "logger", "dev.vestibule.test"))
        .containsEntry("service", Map.of("name", "chat"))
        .containsEntry("ecs", Map.of("version", "8.11"));
    assertThat(entry.get("error"))
        .asString()
        .contains("java.lang.Error", "message=broken", "JsonLogTest");
    assertThat(entry.get("process")).asString().contains("pid=" + ProcessHandle.current().pid());
  }

  @Test
  void anEarlyLineIsWrittenOnceAndInItsFormat() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    EarlyLog early = new EarlyLog(LogFormat.CLOUD, out);
    System.Logger log = System.getLogger("dev.vestibule.early");
    early.install();
    try {
      log.log(System.Logger.Level.INFO, "phase {0} ready", "init");
    } finally {
      early.remove();
    }
    log.log(System.Logger.Level.INFO, "to Spring");
    assertThat(out.toString(UTF_8).lines())
        .singleElement()
        .asString()
        .contains("\"message\":\"phase init ready\"");
  }

  @Test
  void theFormatIsFoundBeforeSpringIs() {
    String[] none = {};
    assertThat(LogFormat.early(none, Map.of())).isEqualTo(LogFormat.TEXT);
    assertThat(LogFormat.early(none, Map.of("K_SERVICE", "chat"))).isEqualTo(LogFormat.CLOUD);
    Map<String, String> ecs = Map.of("K_SERVICE", "chat", "VESTIBULE_LOGGING_FORMAT", " Ecs ");
    assertThat(LogFormat.early(none, ecs)).isEqualTo(LogFormat.ECS);
    String[] args = List.of("--vestibule.logging.format=text").toArray(String[]::new);
    assertThat(LogFormat.early(args, ecs)).isEqualTo(LogFormat.TEXT);
    assertThat(LogFormat.early(none, Map.of("VESTIBULE_LOGGING_FORMAT", "xml")))
        .isEqualTo(LogFormat.TEXT);
    assertThatThrownBy(() -> LogFormat.of("xml"))
        .hasMessage("vestibule.logging.format: xml (expected: one of text, ecs, cloud)");
  }
}
