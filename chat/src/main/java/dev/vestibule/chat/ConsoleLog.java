package dev.vestibule.chat;

import dev.vestibule.spring.LogFormat;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * The log, on stderr, for a person to read: {@code 18:22:32.123 INFO Startup phase database ...}.
 * Our own from INFO, unless somebody at a terminal is told the same in another way; others from
 * WARNING. The JDK's own logging, since it is there at once.
 */
final class ConsoleLog extends Formatter {

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

  // Held, because the JDK keeps loggers by weak references and would forget the level.
  private static final Logger OURS = Logger.getLogger("dev.vestibule");

  private ConsoleLog() {}

  /**
   * Sets it up.
   *
   * @param terminal whether somebody is told of the phases on a terminal anyway
   * @param format for a person as described above, or for a machine
   */
  static void install(boolean terminal, LogFormat format) {
    // Spring Boot would replace it.
    System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
    LogManager.getLogManager().reset();
    Handler handler = new ConsoleHandler();
    handler.setFormatter(
        format == LogFormat.TEXT ? new ConsoleLog() : format.formatter("vestibule-chat"));
    handler.setLevel(Level.ALL);
    Logger root = Logger.getLogger("");
    root.setLevel(Level.WARNING);
    root.addHandler(handler);
    OURS.setLevel(terminal ? Level.WARNING : Level.INFO);
  }

  @Override
  public String format(LogRecord entry) {
    String name = String.valueOf(entry.getLoggerName());
    StringBuilder line = new StringBuilder(120);
    line.append(TIME.format(LocalTime.ofInstant(entry.getInstant(), ZoneId.systemDefault())));
    line.append(' ').append(level(entry.getLevel())).append(' ');
    line.append(name.substring(name.lastIndexOf('.') + 1)).append("  ");
    // A line break in what somebody sent must not look like an entry of its own.
    line.append(formatMessage(entry).replace("\r", "").replace("\n", "\n    ")).append('\n');
    Throwable thrown = entry.getThrown();
    if (thrown != null) {
      StringWriter trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace));
      line.append(trace);
    }
    return line.toString();
  }

  private static String level(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return "ERROR";
    }
    return level.intValue() >= Level.WARNING.intValue() ? "WARN " : "INFO ";
  }
}
