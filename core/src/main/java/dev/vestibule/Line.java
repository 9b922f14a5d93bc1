package dev.vestibule;

import static java.lang.System.Logger.Level.WARNING;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Those who wait on one lane for one route, in order of arrival. */
final class Line {

  private static final System.Logger LOG = System.getLogger(Gate.class.getName());

  private final Route route;
  private final Executor lane;
  private final AtomicBoolean woken = new AtomicBoolean();
  // Guarded by this. A set that keeps its order: a waiter that leaves from the middle costs no
  // search.
  private final Set<Waiter> waiting = new LinkedHashSet<>();
  private final List<Waiter> returned = new ArrayList<>();

  Line(Route route, Executor lane) {
    this.route = route;
    this.lane = lane;
  }

  synchronized void add(Waiter waiter) {
    waiting.add(waiter);
  }

  /**
   * Adds a waiter whose admission failed; it is passed over until the route has another generation.
   */
  synchronized void addReturned(Waiter waiter) {
    returned.add(waiter);
  }

  synchronized void remove(Waiter waiter) {
    if (!waiting.remove(waiter)) {
      returned.remove(waiter);
    }
  }

  synchronized int size() {
    return waiting.size() + returned.size();
  }

  /** Posts the task that lets this line's waiters out, unless one is posted already. */
  void wake() {
    if (woken.compareAndSet(false, true) && !post(this::release)) {
      woken.set(false);
      abandon();
    }
  }

  /** Runs a task on the lane. Returns false when the lane takes no more tasks. */
  boolean post(Runnable task) {
    try {
      lane.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      LOG.log(WARNING, "a lane was shut down before its waiters had left: " + lane, e);
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
    for (Standing now = route.standing(); mayLeave(now); now = route.standing()) {
      Waiter waiter = first(now.generation());
      if (waiter == null) {
        return;
      }
      waiter.decide(now);
    }
  }

  private boolean mayLeave(Standing now) {
    return switch (now.state()) {
      case HOLD -> false;
      // Those who poll find out by themselves, which is what makes them slower.
      case OPEN -> !route.gate().strategy().polls();
      case REFUSE -> true;
    };
  }

  private synchronized @Nullable Waiter first(long generation) {
    if (!returned.isEmpty() && returned.removeIf(waiter -> eligible(waiter, generation))) {
      List<Waiter> inOrder = new ArrayList<>(waiting);
      inOrder.sort(Comparator.comparingLong(Waiter::sequence));
      waiting.clear();
      waiting.addAll(inOrder);
    }
    return waiting.isEmpty() ? null : waiting.iterator().next();
  }

  private boolean eligible(Waiter waiter, long generation) {
    return waiter.mayEnter(generation) && waiting.add(waiter);
  }

  /**
   * Nobody can be told anything on this lane any more: its waiters count as gone, and their seats
   * are free.
   */
  private void abandon() {
    List<Waiter> stranded;
    synchronized (this) {
      stranded = new ArrayList<>(waiting);
      stranded.addAll(returned);
    }
    stranded.forEach(Waiter::leave);
  }
}
