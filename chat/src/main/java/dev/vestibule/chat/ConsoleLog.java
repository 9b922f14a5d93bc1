package dev.vestibule.chat;

import dev.vestibule.spring.LogFormat;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/**
 * The log, on stderr, for a person to read: {@code 18:22:32.123 INFO Startup phase database ...}.
 * Our own from INFO, unless somebody at a terminal is told the same in another way; others from
 * WARNING. The JDK's own logging, since it is there at once.
 */
final class ConsoleLog {

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
        format == LogFormat.TEXT ? LogFormat.watched() : format.formatter("vestibule-chat"));
    handler.setLevel(Level.ALL);
    Logger root = Logger.getLogger("");
    root.setLevel(Level.WARNING);
    root.addHandler(handler);
    LastingLog.last();
    OURS.setLevel(terminal ? Level.WARNING : Level.INFO);
  }
}
