package dev.vestibule.gateway.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * The log, on stderr, one line each: {@code 18:22:32.123 WARNING Gateway ...}. Warnings alone,
 * unless asked for more: what changes is on the console, and a line for each client would be too
 * many.
 */
final class ConsoleLog {

  // Held, because the JDK keeps loggers by weak references and would forget the level.
  private static final Logger OURS = Logger.getLogger("dev.vestibule");
  private static final Logger STARTUP = Logger.getLogger("dev.vestibule.Startup");

  private ConsoleLog() {}

  /** Sets it up; lines go where the console's go, so that none breaks into another. */
  static void install(boolean verbose, Consumer<String> lines) {
    LogManager.getLogManager().reset();
    Handler handler = new LineHandler(lines);
    handler.setFormatter(new Line(ZoneId.systemDefault()));
    handler.setLevel(Level.ALL);
    Logger root = Logger.getLogger("");
    root.setLevel(Level.WARNING);
    root.addHandler(handler);
    LastingLog.last();
    OURS.setLevel(verbose ? Level.INFO : Level.WARNING);
    // The console says that a start failed, and why, in one line.
    STARTUP.setLevel(verbose ? Level.INFO : Level.OFF);
  }

  private static final class LineHandler extends Handler {
    private final Consumer<String> lines;

    LineHandler(Consumer<String> lines) {
      this.lines = lines;
    }

    @Override
    public void publish(LogRecord entry) {
      if (isLoggable(entry)) {
        lines.accept(getFormatter().format(entry));
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  /** One line, and a trace only for an error that nobody foresaw. */
  static final class Line extends Formatter {

    private final DateTimeFormatter clock;

    Line(ZoneId zone) {
      clock = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(zone);
    }

    @Override
    public String format(LogRecord entry) {
      String logger = String.valueOf(entry.getLoggerName());
      String line =
          clock.format(Instant.ofEpochMilli(entry.getMillis()))
              + " "
              + entry.getLevel().getName()
              + " "
              + logger.substring(logger.lastIndexOf('.') + 1)
              + " "
              + formatMessage(entry).replace('\n', ' ').replace('\r', ' ');
      Throwable thrown = entry.getThrown();
      if (thrown == null) {
        return line;
      }
      if (!(thrown instanceof RuntimeException || thrown instanceof Error)) {
        return line + ": " + thrown;
      }
      StringWriter trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace));
      return line + "\n" + trace.toString().stripTrailing();
    }
  }
}
