package dev.vestibule.spring;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Writes Vestibule's own log to stdout while Spring's logging is not there: phases run beside
 * Spring's start, and Boot drops every record between the moment at which it takes the JDK's
 * logging over and the one at which it knows its format. Safe for use by many threads.
 */
final class EarlyLog extends Handler {

  // Held, because the JDK keeps loggers by weak references and would forget the handler.
  private static final Logger OURS = Logger.getLogger("dev.vestibule");

  private final OutputStream out;

  EarlyLog(LogFormat format, OutputStream out) {
    this.out = out;
    setFormatter(format.formatter(""));
  }

  /** Whether Spring Boot is going to set up logging, and nobody else has. */
  static boolean isNeeded() {
    return !"none".equals(System.getProperty("org.springframework.boot.logging.LoggingSystem"))
        && System.getProperty("java.util.logging.config.file") == null
        && System.getProperty("java.util.logging.config.class") == null
        && System.getProperty("java.util.logging.manager") == null;
  }

  static EarlyLog on(LogFormat format) {
    return new EarlyLog(format, new FileOutputStream(FileDescriptor.out));
  }

  /** From now on records come here, and nowhere else. */
  void install() {
    OURS.addHandler(this);
    OURS.setUseParentHandlers(false);
  }

  /** From now on records go to Spring's logging. */
  void remove() {
    OURS.removeHandler(this);
    OURS.setUseParentHandlers(true);
  }

  @Override
  public void publish(LogRecord entry) {
    if (!isLoggable(entry)) {
      return;
    }
    byte[] line = getFormatter().format(entry).getBytes(UTF_8);
    try {
      // In one write, so that lines of several threads do not mix.
      out.write(line);
    } catch (IOException e) {
      // Nobody is left to be told.
    }
  }

  @Override
  public void flush() {
    // Nothing is kept.
  }

  @Override
  public void close() {
    remove();
  }
}
