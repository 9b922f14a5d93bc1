package dev.vestibule;

import java.time.Duration;

/** Runs a task once, later. Safe for use by many threads. */
@FunctionalInterface
public interface Scheduler {

  /**
   * Asks for a task to be run once.
   *
   * @param task what to run; must be short and must not block, because others wait behind it
   * @param delay how long from now; zero or negative means as soon as possible
   * @return a handle that takes the request back
   */
  Scheduled schedule(Runnable task, Duration delay);

  /**
   * One daemon thread, started when it is first needed and shared by everything in this process.
   *
   * @return the same scheduler for everyone
   */
  static Scheduler system() {
    return SystemTime.SCHEDULER;
  }

  /** A task that has been asked for. */
  @FunctionalInterface
  interface Scheduled {

    /**
     * Takes the request back. A task that has already begun is not interrupted; calling twice does
     * nothing.
     */
    void cancel();
  }
}
