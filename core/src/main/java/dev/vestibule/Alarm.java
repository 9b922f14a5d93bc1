package dev.vestibule;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Something that is to happen later, decided under a lock and handed to the scheduler outside it.
 * May be cancelled before it has been handed over. Safe for use by many threads.
 */
final class Alarm {

  private Scheduler.@Nullable Scheduled scheduled;
  private boolean cancelled;

  void arm(Scheduler scheduler, Runnable task, Duration delay) {
    synchronized (this) {
      if (cancelled) {
        return;
      }
    }
    Scheduler.Scheduled handle = scheduler.schedule(task, delay);
    boolean tooLate;
    synchronized (this) {
      tooLate = cancelled;
      scheduled = handle;
    }
    if (tooLate) {
      handle.cancel();
    }
  }

  void cancel() {
    Scheduler.Scheduled handle;
    synchronized (this) {
      cancelled = true;
      handle = scheduled;
    }
    if (handle != null) {
      handle.cancel();
    }
  }
}
