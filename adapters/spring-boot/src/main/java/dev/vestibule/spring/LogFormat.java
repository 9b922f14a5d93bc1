package dev.vestibule.spring;

import dev.vestibule.environment.Platform;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Formatter;
import java.util.stream.Collectors;

/** How the log is written: for a person, or as one JSON object a line for a machine. */
public enum LogFormat {
  /** For a person; the default everywhere but on Cloud Run. */
  TEXT,
  /** Elastic Common Schema 8.11, one JSON object a line. */
  ECS,
  /**
   * Google Cloud Logging, one JSON object a line with severity, time, message, and the trace where
   * there is one; the default on Cloud Run.
   */
  CLOUD;

  /** The setting that names it; as an environment variable {@link #VARIABLE}. */
  public static final String KEY = "vestibule.logging.format";

  /** The environment variable that names it. */
  public static final String VARIABLE = "VESTIBULE_LOGGING_FORMAT";

  /**
   * The format when none is named.
   *
   * @param platform what the process runs on
   * @return {@link #CLOUD} on Cloud Run, else {@link #TEXT}
   */
  public static LogFormat of(Platform platform) {
    return platform == Platform.CLOUD_RUN ? CLOUD : TEXT;
  }

  /**
   * The format of this name.
   *
   * @param name text, ecs or cloud; case and space around it do not matter
   * @return the format
   * @throws IllegalArgumentException naming the value and the choices
   */
  public static LogFormat of(String name) {
    for (LogFormat format : values()) {
      if (format.name().equalsIgnoreCase(name.strip())) {
        return format;
      }
    }
    String choices = Arrays.stream(values()).map(LogFormat::key).collect(Collectors.joining(", "));
    throw new IllegalArgumentException(
        "%s: %s (expected: one of %s)".formatted(KEY, name, choices));
  }

  /**
   * Its name in configuration.
   *
   * @return {@code text}, {@code ecs} or {@code cloud}
   */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * A formatter for the JDK's own logging.
   *
   * @param service what the log calls this process, for {@link #ECS}; empty when it has no name
   * @return a new one, safe for use by many threads
   */
  public Formatter formatter(String service) {
    return switch (this) {
      case TEXT -> TextLog.kept();
      case ECS -> new JsonLog(JsonLog.ecs(service));
      case CLOUD -> new JsonLog(JsonLog.CLOUD);
    };
  }

  /**
   * A text for somebody who watches the process: {@code 18:22:32.123 INFO Startup phase database
   * ...}, without the date and the loggers' packages.
   *
   * @return a new formatter for the JDK's own logging, safe for use by many threads
   */
  public static Formatter watched() {
    return TextLog.watched();
  }

  /** What is asked for before Spring has read its files, in Spring's own order. */
  static LogFormat early(String[] args, Map<String, String> variables) {
    String named = new DoorAddress(args, variables).value(KEY, VARIABLE);
    try {
      return named == null || named.isBlank() ? of(Platform.of(variables)) : of(named);
    } catch (IllegalArgumentException e) {
      // Named with all other mistakes once Spring has read everything.
      return of(Platform.of(variables));
    }
  }
}
