package dev.vestibule.spring;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says what is wrong with the configuration in one message on stderr, without a stack trace. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class MistakeReporter implements SpringBootExceptionReporter {

  /** As Spring's factories call it. */
  MistakeReporter(ConfigurableApplicationContext context) {}

  @Override
  public boolean reportException(Throwable failure) {
    List<String> mistakes = Mistakes.in(failure);
    if (mistakes.isEmpty()) {
      return false;
    }
    print(mistakes);
    ConfigurationMistake mistake = Mistakes.find(failure, ConfigurationMistake.class);
    if (mistake != null) {
      mistake.reported();
    }
    return true;
  }

  static void print(List<String> mistakes) {
    String message =
        "The application was not started, because of its configuration:\n  "
            + String.join("\n  ", mistakes);
    // Spring's logging may not be there, or not know its format.
    LogFormat format = LogFormat.early(new String[0], System.getenv());
    if (format == LogFormat.TEXT) {
      System.err.println(message);
    } else {
      LogRecord entry = new LogRecord(Level.SEVERE, message);
      entry.setLoggerName("dev.vestibule.spring.Settings");
      System.err.print(format.formatter("").format(entry));
    }
  }
}
