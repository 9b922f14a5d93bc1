package dev.vestibule;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Gives out the permits of a gate's {@link Pace}, and wakes the lines that found none, one for each
 * permit that becomes free, in turn. Safe for use by many threads.
 *
 * <p>No permit is lost. One that was taken is used, and then comes back when the admission settles,
 * or it is handed back at once, because the waiter that it was for had another outcome in the same
 * moment. And no wake-up is lost: a line that finds no permit queues first and asks again after
 * that, so whoever frees one in between either sees the line or is seen by it. A line that was
 * woken and needs no permit any more {@linkplain #pass passes it on}.
 */
final class Pacer {

  private final Permits permits;
  private final Scheduler scheduler;
  private final Queue<Line> hungry = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean timed = new AtomicBoolean();

  Pacer(Permits permits, Scheduler scheduler) {
    this.permits = permits;
    this.scheduler = scheduler;
  }

  boolean isUnbounded() {
    return permits.equals(Permits.UNBOUNDED);
  }

  /** Takes a permit, or notes that the line waits for one. */
  boolean take(Line line) {
    if (permits.take()) {
      return true;
    }
    if (line.queueForPermit()) {
      hungry.add(line);
    }
    if (permits.take()) {
      // The line stays queued: to be woken once too often does no harm.
      return true;
    }
    armTimer();
    return false;
  }

  /** Takes a permit if there is one. */
  boolean take() {
    return permits.take();
  }

  /** Nobody went by a permit that was taken. */
  void unused() {
    permits.unused();
    pass();
  }

  /** An admission that had a permit is settled. */
  void settled() {
    permits.settled();
    pass();
  }

  /** Wakes the next line if there is a permit for it, now or later. */
  void pass() {
    if (hungry.isEmpty()) {
      return;
    }
    Duration wait = permits.untilNext();
    if (wait == null) {
      // Whoever settles an admission comes by here.
      return;
    }
    if (wait.isZero()) {
      wakeNext();
    } else {
      armTimer();
    }
  }

  private void wakeNext() {
    for (Line line = hungry.poll(); line != null; line = hungry.poll()) {
      line.leaveQueueForPermit();
      if (line.wake()) {
        return;
      }
    }
  }

  private void armTimer() {
    Duration wait = permits.untilNext();
    if (wait != null && timed.compareAndSet(false, true)) {
      scheduler.schedule(this::onTime, wait);
    }
  }

  private void onTime() {
    timed.set(false);
    pass();
  }
}
