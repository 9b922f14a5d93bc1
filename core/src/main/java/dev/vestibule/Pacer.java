package dev.vestibule;

import static java.lang.System.Logger.Level.ERROR;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Gives out the permits of a gate's {@link Pace}, and wakes the lines that found none when there
 * are some again: all of them, since one alone may be stuck, and first the one in which somebody
 * has waited longest. They are few. Safe for use by many threads.
 *
 * <p>No permit is lost. One that was taken is used, and then comes back when the admission settles,
 * or it is handed back at once, because the waiter that it was for had another outcome in the same
 * moment. And no wake-up is lost: a line that finds no permit queues first and asks again after
 * that, so whoever frees one in between either sees the line or is seen by it.
 */
final class Pacer {

  private static final System.Logger LOG = System.getLogger(Gate.class.getName());

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
    wakeThoseWithout();
  }

  /** An admission that had a permit is settled. */
  void settled() {
    permits.settled();
    wakeThoseWithout();
  }

  /** Wakes the lines that wait for a permit if there is one now, else sees to it that they are. */
  void wakeThoseWithout() {
    Duration wait = permits.untilNext();
    if (wait == null || !wait.isZero()) {
      armTimer();
      return;
    }
    // No more than are here now: a line that finds no permit queues again at once.
    List<Line> lines = new ArrayList<>();
    for (int i = hungry.size(); i > 0; i--) {
      Line line = hungry.poll();
      if (line != null) {
        line.leaveQueueForPermit();
        lines.add(line);
      }
    }
    lines.sort(Comparator.comparingLong(Line::firstSequence));
    lines.forEach(Line::wake);
  }

  /** Where only somebody who settles can bring a permit, there is nothing to wait for. */
  private void armTimer() {
    Duration wait = permits.untilNext();
    if (wait == null || hungry.isEmpty() || !timed.compareAndSet(false, true)) {
      return;
    }
    try {
      scheduler.schedule(this::onTime, wait);
    } catch (RuntimeException | Error e) {
      // Whoever looks for a permit next tries again.
      timed.set(false);
      LOG.log(ERROR, "the scheduler takes no tasks; the pace waits for somebody to come by", e);
    }
  }

  private void onTime() {
    timed.set(false);
    wakeThoseWithout();
  }
}
