package dev.vestibule;

import static java.lang.System.Logger.Level.WARNING;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Those who wait on one lane for one route, in order of arrival. */
final class Line {

  private static final System.Logger LOG = System.getLogger(Gate.class.getName());

  private static final Comparator<Waiter> BY_ARRIVAL =
      (one, other) -> Long.compare(one.sequence(), other.sequence());

  private final Route route;
  private final Executor lane;
  private final AtomicBoolean woken = new AtomicBoolean();
  private final AtomicBoolean queuedForPermit = new AtomicBoolean();
  // Guarded by this. Sorted, because threads that arrive together may join in another order than
  // they arrived in, and because one whose admission failed goes back to its old place.
  private final NavigableSet<Waiter> waiting = new TreeSet<>(BY_ARRIVAL);

  // Guarded by this: those whose admission failed, until their route has another generation.
  private final NavigableSet<Waiter> returned = new TreeSet<>(BY_ARRIVAL);
  // The generation for which the returned have been looked through, and none may enter.
  private long searched = -1;

  Line(Route route, Executor lane) {
    this.route = route;
    this.lane = lane;
  }

  synchronized void add(Waiter waiter) {
    if (waiter.hasReturned()) {
      returned.add(waiter);
      if (waiter.mayEnter(searched)) {
        searched = -1;
      }
    } else {
      waiting.add(waiter);
    }
  }

  synchronized void remove(Waiter waiter) {
    if (!waiting.remove(waiter)) {
      returned.remove(waiter);
    }
  }

  synchronized int size() {
    return waiting.size() + returned.size();
  }

  /** Whether anybody is here for whom an opening of this generation is. */
  synchronized boolean hasWaitersFor(long generation) {
    return !waiting.isEmpty()
        || (searched != generation
            && returned.stream().anyMatch(waiter -> waiter.mayEnter(generation)));
  }

  synchronized List<Waiter> waiters() {
    List<Waiter> all = new ArrayList<>(waiting);
    all.addAll(returned);
    return all;
  }

  /** Whether it was not in the pacer's queue yet. */
  boolean queueForPermit() {
    return queuedForPermit.compareAndSet(false, true);
  }

  void leaveQueueForPermit() {
    queuedForPermit.set(false);
  }

  /** Posts the task that lets this line's waiters out, unless one is posted already. */
  void wake() {
    if (woken.compareAndSet(false, true) && !post(lane, this::release)) {
      woken.set(false);
      abandon();
    }
  }

  /**
   * The same for somebody who has just joined. A line that waits for a permit must not get in
   * between those who have waited for it longer.
   */
  void wakeForNewcomer() {
    if (queuedForPermit.get()) {
      route.gate().pacer().wakeThoseWithout();
    } else {
      wake();
    }
  }

  /**
   * Which of several lines has waited longest, by its first waiter; the last when nobody is here.
   */
  synchronized long firstSequence() {
    return waiting.isEmpty() ? Long.MAX_VALUE : waiting.first().sequence();
  }

  /** Runs a task on a lane. Returns false when the lane takes no more tasks. */
  static boolean post(Executor lane, Runnable task) {
    try {
      lane.execute(task);
      return true;
    } catch (RuntimeException | Error e) {
      LOG.log(WARNING, "a lane takes no tasks although clients wait on it: " + lane, e);
      return false;
    }
  }

  /**
   * Lets waiters out, on the lane, for as long as the route's standing allows: it is read again for
   * each of them, so that nobody is let in by an opening that has passed. The mark is taken down
   * first, so that whoever changes the standing after the last read posts another task.
   */
  private void release() {
    woken.set(false);
    boolean more = true;
    while (more) {
      Standing now = route.standing();
      more = mayLeave(now) && releaseOne(now);
    }
    route.openIfNobodyWaits();
  }

  private boolean mayLeave(Standing now) {
    return switch (now.state()) {
      case HOLD -> false;
      // Those who poll find out by themselves, which is what makes them slower.
      case OPEN -> !route.gate().strategy().polls();
      case PACED -> !route.gate().strategy().polls() && route.gate().pacer().take(this);
      case REFUSE -> true;
    };
  }

  /** Decides the first; returns false when there was none. */
  private boolean releaseOne(Standing now) {
    Waiter waiter = takeFirst(now.generation());
    if (waiter != null) {
      waiter.decideWithPermit(now);
    } else if (now.state() == RouteState.PACED) {
      route.gate().pacer().unused();
    }
    return waiter != null;
  }

  private synchronized @Nullable Waiter takeFirst(long generation) {
    if (searched != generation) {
      searched = generation;
      returned.removeIf(waiter -> waiter.mayEnter(generation) && waiting.add(waiter));
    }
    return waiting.pollFirst();
  }

  /**
   * Nobody can be told anything on this lane any more: its waiters count as gone, and their seats
   * are free.
   */
  private void abandon() {
    waiters().forEach(Waiter::leave);
  }
}
