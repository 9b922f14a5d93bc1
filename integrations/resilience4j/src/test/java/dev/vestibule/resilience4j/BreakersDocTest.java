package dev.vestibule.resilience4j;

import static dev.vestibule.PhaseState.DOWN;
import static dev.vestibule.PhaseState.READY;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Startup;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What docs/breakers.md shows: its Java is the Java here, and its log is the log here. */
class BreakersDocTest extends BreakerScene {

  private static final Path PAGE = Path.of("../../docs/breakers.md");
  private static final Path THIS =
      Path.of("src/test/java/dev/vestibule/resilience4j/BreakersDocTest.java");

  /** The application's own; in the page's Java, a name says enough. */
  interface Database {
    boolean isReachable();
  }

  @Test
  void aHealthProbe() {
    boolean[] reachable = {true};
    Database database = () -> reachable[0];
    // docs:begin
    Startup startup =
        Startup.define()
            .phase(
                "database",
                p ->
                    p.signalled()
                        .health(
                            database::isReachable,
                            h ->
                                h.every(ofSeconds(1))
                                    .timeout(ofMillis(500))
                                    .downAfter(3)
                                    .upAfter(2)))
            // docs:end
            .ticker(time)
            .scheduler(time)
            .executor(Runnable::run)
            // docs:begin
            .build();
    // docs:end
    startup.start();
    startup.signal("database").ready();
    reachable[0] = false;
    pass(ofSeconds(3));
    assertThat(startup.snapshot().phase("database").state()).isEqualTo(DOWN);
    reachable[0] = true;
    pass(ofSeconds(2));
    assertThat(startup.snapshot().phase("database").state()).isEqualTo(READY);
    startup.close();
  }

  @Test
  void aBreakerInOneLine() {
    Database database = () -> true;
    ready();
    trip();
    // docs:begin
    PhaseBreaker.bind(breaker).to(startup, "database").recoveringBy(database::isReachable);
    // docs:end
    assertThat(phase()).isEqualTo(DOWN);
  }

  @Configuration(proxyBeanMethods = false)
  static class Beans {

    // docs:begin
    @Bean
    PhaseBreaker databaseBreaker(
        Startup startup, CircuitBreakerRegistry breakers, Database database) {
      return PhaseBreaker.bind(breakers.circuitBreaker("database"))
          .to(startup, "database")
          .recoveringBy(database::isReachable);
    }
    // docs:end
  }

  @Test
  void aBeanThatEndsWithItsContext() {
    CircuitBreakerRegistry breakers = CircuitBreakerRegistry.ofDefaults();
    ready();
    var context = new AnnotationConfigApplicationContext();
    context.registerBean(
        Startup.class, () -> startup, definition -> definition.setDestroyMethodName(""));
    context.registerBean(CircuitBreakerRegistry.class, () -> breakers);
    context.registerBean(Database.class, () -> () -> true);
    context.register(Beans.class);
    context.refresh();
    breakers.circuitBreaker("database").transitionToForcedOpenState();
    assertThat(phase()).isEqualTo(DOWN);
    breakers.circuitBreaker("database").transitionToClosedState();
    assertThat(phase()).isEqualTo(READY);
    context.close();
    breakers.circuitBreaker("database").transitionToForcedOpenState();
    assertThat(phase()).isEqualTo(READY);
  }

  @Test
  void theLog() throws IOException {
    List<String> lines = new ArrayList<>();
    Handler handler = keeping(lines);
    Logger logger = Logger.getLogger("dev.vestibule");
    logger.addHandler(handler);
    try {
      bind();
      ready();
      lines.clear();
      trip();
      admit("hasty", ofSeconds(3));
      admit("patient", ofSeconds(20));
      well = true;
      pass(ofSeconds(5));
    } finally {
      logger.removeHandler(handler);
    }
    assertThat(outcomes).containsExactly("hasty DEPENDENCY_DOWN", "patient admitted");
    String page = Files.readString(PAGE);
    assertThat(page).contains("```\n" + String.join("\n", lines) + "\n```");
  }

  private static Handler keeping(List<String> lines) {
    SimpleFormatter formatter = new SimpleFormatter();
    return new Handler() {
      @Override
      public void publish(LogRecord logged) {
        if (logged.getLevel().intValue() >= Level.INFO.intValue()) {
          Throwable cause = logged.getThrown();
          String why = cause == null ? "" : ": " + cause.getMessage() + ": " + cause.getCause();
          lines.add("%-7s %s%s".formatted(logged.getLevel(), formatter.formatMessage(logged), why));
        }
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  @Test
  void theJava() throws IOException {
    String page = Files.readString(PAGE);
    List<String> shown = new ArrayList<>();
    StringBuilder block = new StringBuilder();
    boolean inside = false;
    for (String line : Files.readAllLines(THIS)) {
      if (line.strip().equals("// docs:begin")) {
        inside = true;
      } else if (line.strip().equals("// docs:end")) {
        inside = false;
        if (block.toString().stripTrailing().matches("(?s).*[;}]")) {
          shown.add(block.toString().stripTrailing().stripIndent());
          block.setLength(0);
        }
      } else if (inside) {
        block.append(line).append('\n');
      }
    }
    assertThat(shown).hasSize(3);
    assertThat(shown).allSatisfy(java -> assertThat(page).contains("```java\n" + java + "\n```"));
  }
}
