package dev.vestibule.gateway.cli;

import java.util.logging.LogManager;

/**
 * The JDK's logging, except that it outlives the beginning of the process's end: the JDK closes all
 * handlers in a shutdown hook of its own, beside the one in which the gateway drains, and what it
 * says of going away would be lost. Handlers here write each entry at once, so that nothing is left
 * to be flushed. Safe for use by many threads.
 */
public final class LastingLog extends LogManager {

  // Not final: the JDK's constructor may reset before it is set.
  private volatile boolean lasting;

  /** For the JDK, which makes the one that a system property names. */
  public LastingLog() {}

  /** From now on handlers stay. */
  static void last() {
    if (LogManager.getLogManager() instanceof LastingLog log) {
      log.lasting = true;
    }
  }

  @Override
  public void readConfiguration() {
    // The JDK's file says nothing that ConsoleLog does not say, and to read it takes time.
  }

  @Override
  public void reset() {
    if (!lasting) {
      super.reset();
    }
  }
}
