package dev.vestibule.spring;

import java.util.List;
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
    System.err.println(
        "The application was not started, because of its configuration:\n  "
            + String.join("\n  ", mistakes));
  }
}
