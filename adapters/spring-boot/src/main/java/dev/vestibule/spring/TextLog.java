package dev.vestibule.spring;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/** For a person: the time, the level, the logger and the message. Immutable. */
final class TextLog extends Formatter {

  private final DateTimeFormatter time;
  private final boolean packages;
  private final String separator;

  private TextLog(String time, boolean packages, String separator) {
    this.time = DateTimeFormatter.ofPattern(time, Locale.ROOT);
    this.packages = packages;
    this.separator = separator;
  }

  /** As Spring Boot writes it, to be read at any time. */
  static TextLog kept() {
    return new TextLog("uuuu-MM-dd'T'HH:mm:ss.SSSXXX", true, " : ");
  }

  /** To be read at once, in a window that may be narrow. */
  static TextLog watched() {
    return new TextLog("HH:mm:ss.SSS", false, "  ");
  }

  @Override
  public String format(LogRecord entry) {
    String name = String.valueOf(entry.getLoggerName());
    StringBuilder line = new StringBuilder(160);
    line.append(time.format(entry.getInstant().atZone(ZoneId.systemDefault())));
    line.append(' ').append(level(entry.getLevel())).append(' ');
    line.append(packages ? name : name.substring(name.lastIndexOf('.') + 1)).append(separator);
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
