package dev.vestibule.spring;

import dev.vestibule.environment.Platform;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.ClassUtils;

/**
 * Tells Spring Boot's structured logging which format is wanted; Boot sets its logging up once all
 * of its kind have run. What is said to Boot itself, {@code logging.structured.format.console},
 * wins.
 */
@Order(Ordered.LOWEST_PRECEDENCE - 1)
final class LoggingSetup implements EnvironmentPostProcessor {

  static final String BOOTS_KEY = "logging.structured.format.console";

  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    String format =
        switch (wanted(environment)) {
          case TEXT -> null;
          case ECS -> "ecs";
          case CLOUD -> hasLogback() ? CloudLoggingFormatter.class.getName() : null;
        };
    if (format != null) {
      environment
          .getPropertySources()
          .addLast(new MapPropertySource("vestibule logging", Map.of(BOOTS_KEY, format)));
    }
  }

  private static LogFormat wanted(Environment environment) {
    LogFormat named = null;
    try {
      named = Binder.get(environment).bind(LogFormat.KEY, LogFormat.class).orElse(null);
    } catch (BindException e) {
      // SettingsCheck names it together with all other mistakes.
    }
    return named == null ? LogFormat.of(platform(environment)) : named;
  }

  static Platform platform(Environment environment) {
    Map<String, String> variables = new HashMap<>();
    for (String name : List.of(Platform.CLOUD_RUN_VARIABLE, Platform.KUBERNETES_VARIABLE)) {
      variables.put(name, environment.getProperty(name, ""));
    }
    return Platform.of(variables);
  }

  /** What is wrong with asking for this format here, or null. */
  static @Nullable String mistake(@Nullable LogFormat named) {
    // Where Boot was told to leave logging alone, somebody else honours the setting.
    if (named != LogFormat.CLOUD || hasLogback() || !EarlyLog.isNeeded()) {
      return null;
    }
    return LogFormat.KEY + ": cloud (expected: Logback on the class path)";
  }

  private static boolean hasLogback() {
    return ClassUtils.isPresent(
        "ch.qos.logback.classic.spi.ILoggingEvent", LoggingSetup.class.getClassLoader());
  }
}
