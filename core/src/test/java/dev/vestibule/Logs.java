package dev.vestibule;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Keeps what Vestibule logs, in place of the console. */
public final class Logs extends Handler {

  private final Logger logger = Logger.getLogger("dev.vestibule");
  private final List<LogRecord> records = new CopyOnWriteArrayList<>();
  private final SimpleFormatter formatter = new SimpleFormatter();

  private Logs() {}

  public static Logs capture() {
    Logs logs = new Logs();
    logs.logger.addHandler(logs);
    logs.logger.setLevel(Level.ALL);
    logs.logger.setUseParentHandlers(false);
    return logs;
  }

  @Override
  public void publish(LogRecord logged) {
    records.add(logged);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setLevel(null);
    logger.setUseParentHandlers(true);
  }

  /** Level and text of everything at this level or above. */
  List<String> from(Level least) {
    return records.stream()
        .filter(logged -> logged.getLevel().intValue() >= least.intValue())
        .map(formatter::formatMessage)
        .toList();
  }

  public List<String> warnings() {
    return from(Level.WARNING);
  }

  /** The closing lines of waits. */
  List<String> waits() {
    return records.stream()
        .filter(logged -> "dev.vestibule.wait".equals(logged.getLoggerName()))
        .map(formatter::formatMessage)
        .toList();
  }

  void clear() {
    records.clear();
  }
}
