package dev.vestibule.testkit;

import dev.vestibule.Scheduler;
import dev.vestibule.Ticker;
import java.time.Duration;
import java.util.Comparator;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A clock and a scheduler that stand still until a test moves them. Safe for use by many threads;
 * tasks run on the thread that moves the time, in the order in which they are due.
 */
public final class ManualTime implements Ticker, Scheduler {

  private record Entry(long due, long number, Runnable task) {}

  // Not zero: code that takes zero for "never" would pass.
  private long now = 1_000_000_000_000L;
  private long scheduled;
  // Sorted: ten thousand deadlines are cancelled without searching for each.
  private final NavigableSet<Entry> entries =
      new TreeSet<>(Comparator.comparingLong(Entry::due).thenComparingLong(Entry::number));

  /** Creates a clock that stands. */
  public ManualTime() {}

  @Override
  public synchronized long read() {
    return now;
  }

  @Override
  public synchronized Scheduled schedule(Runnable task, Duration delay) {
    Entry entry = new Entry(now + Math.max(0, delay.toNanos()), scheduled++, task);
    entries.add(entry);
    return () -> cancel(entry);
  }

  /**
   * Moves the time and runs what falls due on the way, each task at its own moment, including what
   * these tasks schedule.
   *
   * @param duration zero or more; zero runs what is due now
   * @throws IllegalArgumentException when it is negative
   */
  public void advance(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("advance: %s (expected: >= PT0S)".formatted(duration));
    }
    long end = read() + duration.toNanos();
    for (Entry due = next(end); due != null; due = next(end)) {
      due.task().run();
    }
    synchronized (this) {
      // A task may have moved the time further.
      now = Math.max(now, end);
    }
  }

  /**
   * How many tasks are scheduled and neither run nor cancelled.
   *
   * @return zero when nothing is left behind
   */
  public synchronized int pending() {
    return entries.size();
  }

  private synchronized @Nullable Entry next(long end) {
    if (entries.isEmpty() || entries.first().due() > end) {
      return null;
    }
    Entry first = entries.first();
    entries.remove(first);
    now = Math.max(now, first.due());
    return first;
  }

  private synchronized void cancel(Entry entry) {
    entries.remove(entry);
  }
}
