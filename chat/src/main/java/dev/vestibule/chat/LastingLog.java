package dev.vestibule.chat;

import java.util.logging.LogManager;

/**
 * The JDK's logging, except that it outlives the beginning of the process's end: the JDK closes all
 * handlers in a shutdown hook of its own, beside the one in which the chat drains, and what the
 * chat says of going away would be lost. Handlers here write each entry at once, so that nothing is
 * left to be flushed. Safe for use by many threads.
 */
public final class LastingLog extends LogManager {

  // Not final: the JDK's constructor may reset before it is set.
  private volatile boolean lasting;

  /** For the JDK, which makes the one that the system property {@code java.util.logging.manager} names. */
  public LastingLog() {}

  /** Makes the JDK use it, unless somebody has chosen another; before anything is logged. */
  static void choose() {
    String key = "java.util.logging.manager";
    if (System.getProperty(key) == null) {
      System.setProperty(key, LastingLog.class.getName());
    }
  }

  /** From now on handlers stay. */
  static void last() {
    if (LogManager.getLogManager() instanceof LastingLog log) {
      log.lasting = true;
    }
  }

  @Override
  public void reset() {
    if (!lasting) {
      super.reset();
    }
  }
}
