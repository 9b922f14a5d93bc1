package dev.vestibule;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Someone who asked to be let in. Its outcome is decided by one compare-and-set on its place;
 * whoever wins it gives the seat back, takes down the timer and tells, and whoever loses does
 * nothing. Safe for use by many threads.
 */
public final class Waiter {

  private static final System.Logger LOG = System.getLogger(Gate.class.getName());

  private enum Place {
    /** Not yet decided. */
    WAITING,
    ADMITTED,
    REFUSED,
    /** The client went away. */
    GONE
  }

  private final Gate gate;
  private final Route route;
  private final Line line;
  private final Consumer<? super Admission> callback;
  private final @Nullable ByteBuffer client;
  private final long sequence;
  private final long knockedAt;
  private final long deadline;
  private final AtomicReference<Place> place = new AtomicReference<>(Place.WAITING);

  private volatile boolean seated;
  private volatile Scheduler.@Nullable Scheduled timer;
  private volatile long failedIn = -1;
  private volatile @Nullable Polling polling;

  Waiter(
      Route route,
      Line line,
      Consumer<? super Admission> callback,
      @Nullable ByteBuffer client,
      long sequence,
      long knockedAt,
      long deadline) {
    this.gate = route.gate();
    this.route = route;
    this.line = line;
    this.callback = callback;
    this.client = client;
    this.sequence = sequence;
    this.knockedAt = knockedAt;
    this.deadline = deadline;
  }

  /**
   * The client went away. Before an outcome, its callback will not be called; after an admission,
   * it will not be put back should that fail. Calling it again does nothing.
   *
   * @return whether it left before it had an outcome
   */
  public boolean leave() {
    if (place.compareAndSet(Place.WAITING, Place.GONE)) {
      quit();
      gate.count().left();
      log("left", route.standing());
      return true;
    }
    place.compareAndSet(Place.ADMITTED, Place.GONE);
    return false;
  }

  Gate gate() {
    return gate;
  }

  long sequence() {
    return sequence;
  }

  /**
   * Whether an opening of this generation is for this waiter: not if it was let in by it before,
   * and that failed.
   */
  boolean mayEnter(long generation) {
    return generation != failedIn;
  }

  // ---- Arriving.

  /** The first look at the standing, before anything is held. */
  void arrive(Standing now, int bytes) {
    if (now.state() == RouteState.OPEN) {
      place.set(Place.ADMITTED);
      Admitted admitted = admitted(now);
      line.post(() -> tell(admitted));
    } else if (now.state() == RouteState.REFUSE) {
      refuse(now, now.reasonOr(Reason.BUDGET_SPENT));
    } else if (deadline - gate.now() <= 0) {
      refuse(now, now.reasonOr(Reason.BUDGET_SPENT));
    } else if (!gate.mayHold(bytes) || !gate.seats().take(client)) {
      refuse(now, now.reasonOr(Reason.FULL));
    } else {
      seated = true;
      line.add(this);
      await(now);
    }
  }

  /**
   * Published already: arms the timer, then looks at the standing once more, so that no change is
   * missed.
   */
  private void await(Standing seen) {
    timer = gate.scheduler().schedule(this::expire, Duration.ofNanos(deadline - gate.now()));
    if (gate.strategy().polls()) {
      startPolling(seen);
    }
    if (place.get() != Place.WAITING) {
      // Decided meanwhile, by somebody who may not have seen the timer or the place in the line.
      stopTimers();
      line.remove(this);
    }
    if (route.standing().generation() != seen.generation()) {
      line.wake();
    }
  }

  // ---- Outcomes.

  /** On the lane, first in line: let in or refused, as the standing says. */
  void decide(Standing now) {
    if (now.isOpen()) {
      if (place.compareAndSet(Place.WAITING, Place.ADMITTED)) {
        quit();
        Admitted admitted = admitted(now);
        tell(admitted);
        log("admitted", now);
      } else {
        line.remove(this);
      }
    } else {
      refuse(now, now.reasonOr(Reason.BUDGET_SPENT));
    }
  }

  private Admitted admitted(Standing now) {
    gate.count().admitted();
    return new Admitted(this, now.generation(), waited());
  }

  private void expire() {
    Standing now = route.standing();
    refuse(now, now.reasonOr(Reason.BUDGET_SPENT));
  }

  private void refuse(Standing now, Reason reason) {
    if (!place.compareAndSet(Place.WAITING, Place.REFUSED)) {
      line.remove(this);
      return;
    }
    quit();
    gate.count().refused(reason);
    Refused refused = new Refused(reason, gate.retryAfter(reason), now.phase(), waited());
    line.post(() -> tell(refused));
    log(reason == Reason.BUDGET_SPENT ? "timed out" : "refused " + reason, now);
  }

  /** Called once by an admission that failed. */
  void putBack(long generation, Throwable cause) {
    LOG.log(INFO, "an admission failed; its waiter is put back: {0}", cause.toString());
    failedIn = generation;
    Standing now = route.standing();
    if (!gate.seats().take(client)) {
      if (place.compareAndSet(Place.ADMITTED, Place.WAITING)) {
        refuse(now, now.reasonOr(Reason.FULL));
      }
      return;
    }
    seated = true;
    if (!place.compareAndSet(Place.ADMITTED, Place.WAITING)) {
      giveSeatBack();
      return;
    }
    gate.count().returned();
    line.addReturned(this);
    await(now);
    if (mayEnter(route.standing().generation())) {
      line.wake();
    }
  }

  /** What the winner of the compare-and-set does, whatever the outcome. */
  private void quit() {
    line.remove(this);
    stopTimers();
    giveSeatBack();
  }

  private void giveSeatBack() {
    if (seated) {
      seated = false;
      gate.seats().giveBack(client);
    }
  }

  private void stopTimers() {
    Scheduler.Scheduled armed = timer;
    if (armed != null) {
      armed.cancel();
    }
    Polling asking = polling;
    if (asking != null) {
      asking.stop();
    }
  }

  private void tell(Admission admission) {
    try {
      callback.accept(admission);
    } catch (RuntimeException | Error e) {
      LOG.log(ERROR, "the callback of a waiter at " + route.pattern() + " threw", e);
      if (admission instanceof Admitted admitted) {
        // Nobody is left to settle it.
        admitted.opened();
      }
    }
  }

  private Duration waited() {
    return Duration.ofNanos(Math.max(0, gate.now() - knockedAt));
  }

  private void log(String outcome, Standing now) {
    Polling asked = polling;
    WaitLog.ended(
        gate.strategy(),
        now.phaseOrNothing(),
        outcome,
        waited(),
        asked == null ? 0 : asked.count());
  }

  // ---- Polling, for the strategies that ask.

  private void startPolling(Standing seen) {
    Polling asking = polling;
    if (asking == null) {
      asking = new Polling();
      polling = asking;
    }
    asking.askLater(seen);
  }

  /** Asks where the route stands, again and again; what it finds is decided on the lane. */
  private final class Polling {
    private final ReadinessStrategy.Polls polls = gate.strategy().begin();
    private final long most =
        gate.strategy().mostPolls(Duration.ofNanos(Math.max(1, deadline - knockedAt)));
    private final AtomicInteger count = new AtomicInteger(1);
    private volatile Scheduler.@Nullable Scheduled next;

    int count() {
      return count.get();
    }

    void askLater(Standing seen) {
      next =
          gate.scheduler().schedule(() -> line.post(this::ask), polls.next(seen.phaseOrNothing()));
    }

    private void ask() {
      if (place.get() != Place.WAITING) {
        return;
      }
      int asked = count.incrementAndGet();
      Standing now = route.standing();
      if (now.state() == RouteState.REFUSE || (now.isOpen() && mayEnter(now.generation()))) {
        decide(now);
      } else if (asked >= most) {
        expire();
      } else {
        askLater(now);
      }
    }

    void stop() {
      Scheduler.Scheduled asked = next;
      if (asked != null) {
        asked.cancel();
      }
    }
  }
}
