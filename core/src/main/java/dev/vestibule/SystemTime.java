package dev.vestibule;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The one place that reads the machine's clock; an architecture test keeps it so. */
final class SystemTime {

  static final Ticker TICKER = System::nanoTime;

  static final Scheduler SCHEDULER =
      (task, delay) -> {
        var future = Timer.EXECUTOR.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
      };

  private SystemTime() {}

  /** Started when something is first scheduled, not when the class is loaded. */
  private static final class Timer {
    static final ScheduledThreadPoolExecutor EXECUTOR = create();

    private static ScheduledThreadPoolExecutor create() {
      var executor =
          new ScheduledThreadPoolExecutor(
              1,
              task -> {
                Thread thread = new Thread(task, "vestibule-timer");
                thread.setDaemon(true);
                return thread;
              });
      // Ten thousand waiters that were let in must not leave ten thousand deadlines behind.
      executor.setRemoveOnCancelPolicy(true);
      return executor;
    }
  }
}
