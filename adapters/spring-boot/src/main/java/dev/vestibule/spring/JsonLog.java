package dev.vestibule.spring;

import dev.vestibule.waterfall.Json;
import java.time.format.DateTimeFormatter;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * One JSON object a line, for the JDK's own logging: what is logged before Spring's is there, or
 * where there is no other. Written by hand, because it is needed before any library is loaded.
 * Immutable.
 */
final class JsonLog extends Formatter {

  /** The members of one entry. */
  @FunctionalInterface
  interface Members {
    void write(Line line, LogRecord entry, String message);
  }

  /**
   * Google Cloud Logging's special fields,
   * https://cloud.google.com/logging/docs/structured-logging; its error reporting looks for {@code
   * stack_trace}.
   */
  static final Members CLOUD =
      (line, entry, message) -> {
        line.member("severity", severity(entry.getLevel()));
        line.member("time", DateTimeFormatter.ISO_INSTANT.format(entry.getInstant()));
        line.member("message", message);
        line.member("logger", String.valueOf(entry.getLoggerName()));
        line.member("thread", Thread.currentThread().getName());
        if (entry.getThrown() != null) {
          line.member("stack_trace", TextLog.trace(entry.getThrown()));
        }
      };

  private final Members members;

  JsonLog(Members members) {
    this.members = members;
  }

  /** Elastic Common Schema, with the members that Spring Boot's own ECS format writes. */
  static Members ecs(String service) {
    return (line, entry, message) -> {
      line.member("@timestamp", DateTimeFormatter.ISO_INSTANT.format(entry.getInstant()));
      line.open("log").member("level", TextLog.level(entry.getLevel()).strip());
      line.member("logger", String.valueOf(entry.getLoggerName())).close();
      line.open("process").number("pid", ProcessHandle.current().pid()).open("thread");
      line.member("name", Thread.currentThread().getName()).close().close();
      if (!service.isEmpty()) {
        line.open("service").member("name", service).close();
      }
      line.member("message", message);
      Throwable thrown = entry.getThrown();
      if (thrown != null) {
        line.open("error").member("type", thrown.getClass().getName());
        line.member("message", String.valueOf(thrown.getMessage()));
        line.member("stack_trace", TextLog.trace(thrown)).close();
      }
      line.open("ecs").member("version", "8.11").close();
    };
  }

  private static String severity(Level level) {
    String name = TextLog.level(level).strip();
    return name.equals("WARN") ? "WARNING" : name;
  }

  @Override
  public String format(LogRecord entry) {
    Line line = new Line();
    members.write(line, entry, formatMessage(entry));
    return line.end();
  }

  /** An object that is being written. Used by one thread. */
  static final class Line {
    private final StringBuilder out = new StringBuilder(256).append('{');

    Line member(String name, String value) {
      name(name);
      out.append(Json.quoted(value));
      return this;
    }

    Line number(String name, long value) {
      name(name);
      out.append(value);
      return this;
    }

    Line open(String name) {
      name(name);
      out.append('{');
      return this;
    }

    Line close() {
      out.append('}');
      return this;
    }

    String end() {
      return out.append("}\n").toString();
    }

    private void name(String name) {
      if (out.charAt(out.length() - 1) != '{') {
        out.append(',');
      }
      out.append(Json.quoted(name)).append(':');
    }
  }
}
