package dev.vestibule.spring;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.json.JsonWriter;
import org.springframework.boot.logging.structured.JsonWriterStructuredLogFormatter;
import org.springframework.boot.logging.structured.StructuredLoggingJsonMembersCustomizer;
import org.springframework.core.env.Environment;

/**
 * Logback's events as Google Cloud Logging reads them from a container's output, which Spring Boot
 * has no format for. The fields are those of
 * https://cloud.google.com/logging/docs/structured-logging; {@code stack_trace} is where its error
 * reporting looks. The trace is the one that Spring's tracing puts into the MDC; it needs the
 * project's id in {@code GOOGLE_CLOUD_PROJECT}, which Cloud Run does not set by itself, to be
 * linked. Safe for use by many threads.
 */
final class CloudLoggingFormatter extends JsonWriterStructuredLogFormatter<ILoggingEvent> {

  /** As Boot calls it. */
  CloudLoggingFormatter(
      Environment environment,
      ThrowableProxyConverter throwables,
      StructuredLoggingJsonMembersCustomizer.Builder<?> customizers) {
    super(
        members -> write(members, throwables, environment.getProperty("GOOGLE_CLOUD_PROJECT", "")),
        customizers.build());
  }

  private static void write(
      JsonWriter.Members<ILoggingEvent> members,
      ThrowableProxyConverter throwables,
      String project) {
    members.add("severity", event -> severity(event.getLevel()));
    members.add("time", event -> DateTimeFormatter.ISO_INSTANT.format(event.getInstant()));
    members.add("message", ILoggingEvent::getFormattedMessage);
    members.add("logger", ILoggingEvent::getLoggerName);
    members.add("thread", ILoggingEvent::getThreadName);
    members.add("stack_trace", event -> trace(event, throwables)).whenHasLength();
    members
        .add("logging.googleapis.com/trace", event -> mdc(event, "traceId"))
        .whenHasLength()
        .as(trace -> project.isBlank() ? trace : "projects/" + project + "/traces/" + trace);
    members.add("logging.googleapis.com/spanId", event -> mdc(event, "spanId")).whenHasLength();
    members.add("context", CloudLoggingFormatter::context).when(rest -> !rest.isEmpty());
  }

  private static String severity(Level level) {
    return switch (level.toInt()) {
      case Level.ERROR_INT -> "ERROR";
      case Level.WARN_INT -> "WARNING";
      case Level.INFO_INT -> "INFO";
      default -> "DEBUG";
    };
  }

  private static @Nullable String trace(ILoggingEvent event, ThrowableProxyConverter throwables) {
    return event.getThrowableProxy() == null ? null : throwables.convert(event);
  }

  private static @Nullable String mdc(ILoggingEvent event, String key) {
    return event.getMDCPropertyMap().get(key);
  }

  private static Map<String, String> context(ILoggingEvent event) {
    Map<String, String> rest = new TreeMap<>(event.getMDCPropertyMap());
    rest.remove("traceId");
    rest.remove("spanId");
    return rest;
  }
}
