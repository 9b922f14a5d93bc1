package dev.vestibule.spring;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/** For a person: the time, the level, the logger and the message. Immutable. */
final class TextLog extends Formatter {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSXXX");

  @Override
  public String format(LogRecord entry) {
    StringBuilder line = new StringBuilder(160);
    line.append(TIME.format(entry.getInstant().atZone(ZoneId.systemDefault())));
    line.append(' ').append(level(entry.getLevel())).append(' ');
    line.append(entry.getLoggerName()).append(" : ");
    // A line break in what somebody sent must not look like an entry of its own.
    line.append(formatMessage(entry).replace("\r", "").replace("\n", "\n    ")).append('\n');
    Throwable thrown = entry.getThrown();
    return thrown == null ? line.toString() : line.append(trace(thrown)).toString();
  }

  static String level(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return "ERROR";
    }
    if (level.intValue() >= Level.WARNING.intValue()) {
      return "WARN ";
    }
    return level.intValue() >= Level.INFO.intValue() ? "INFO " : "DEBUG";
  }

  static String trace(Throwable thrown) {
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    return trace.toString();
  }
}
