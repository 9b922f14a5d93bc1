package dev.vestibule;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
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

  // In place of an atomic object in each of ten thousand waiters.
  private static final AtomicReferenceFieldUpdater<Waiter, Place> PLACE =
      AtomicReferenceFieldUpdater.newUpdater(Waiter.class, Place.class, "place");

  private static final long NEVER = -1;

  private final Route route;
  private final Arrival arrival;
  private final Executor lane;
  private final Consumer<? super Admission> callback;
  private final Seats.@Nullable Client client;
  private final long sequence;
  private final long knockedAt;
  private final long deadline;
  private final Bound bound;

  private volatile Place place = Place.WAITING;
  private volatile @Nullable Line line;
  private volatile Scheduler.@Nullable Scheduled timer;
  private volatile @Nullable Polling polling;
  private volatile long failedIn = NEVER;

  Waiter(
      Route route,
      Arrival arrival,
      Consumer<? super Admission> callback,
      Seats.@Nullable Client client,
      long sequence,
      long now) {
    this.route = route;
    this.arrival = arrival;
    this.lane = arrival.lane();
    this.callback = callback;
    this.client = client;
    this.sequence = sequence;
    this.knockedAt = arrival.knockedAtOr(now);
    Duration own = arrival.limit();
    Duration limit = route.hold();
    Bound by = route.bound();
    if (own != null && own.compareTo(limit) < 0) {
      limit = own;
      by = arrival.bound();
    }
    this.deadline = knockedAt + limit.toNanos();
    this.bound = by;
  }

  /**
   * The client went away. Before an outcome, its callback will not be called; after an admission,
   * it will not be put back should that fail. Calling it again does nothing.
   *
   * @return whether it left before it had an outcome
   */
  public boolean leave() {
    // Again if it was moved meanwhile: an admission that fails takes it from ADMITTED to WAITING.
    for (Place now = place; now == Place.WAITING || now == Place.ADMITTED; now = place) {
      if (!move(now, Place.GONE)) {
        continue;
      }
      if (now == Place.ADMITTED) {
        return false;
      }
      quit();
      Standing standing = route.standing();
      gate().count().left();
      ended(WaitEnded.Outcome.LEFT, null, standing.phase());
      log("left", standing);
      return true;
    }
    return false;
  }

  Gate gate() {
    return route.gate();
  }

  long sequence() {
    return sequence;
  }

  boolean isWaiting() {
    return place == Place.WAITING;
  }

  WaiterSnapshot snapshot(long now) {
    return new WaiterSnapshot(
        route.pattern(),
        arrival.client(),
        Duration.ofNanos(Math.max(0, now - knockedAt)),
        Duration.ofNanos(Math.max(0, deadline - now)),
        bound);
  }

  /** Whether it was let in once, and that failed. */
  boolean hasReturned() {
    return failedIn != NEVER;
  }

  /**
   * Whether an opening of this generation is for this waiter: not if it was let in by it before,
   * and that failed.
   */
  boolean mayEnter(long generation) {
    return generation > failedIn;
  }

  private boolean move(Place from, Place to) {
    return PLACE.compareAndSet(this, from, to);
  }

  // ---- Arriving.

  /** The first look at the standing, before anything is held. */
  void arrive(Standing now) {
    if (now.isOpen()) {
      place = Place.ADMITTED;
      Admitted admitted = admitted(now);
      if (!Line.post(lane, () -> tell(admitted))) {
        admitted.opened();
      }
      return;
    }
    Reason refusal = whyNotHeld(now);
    if (refusal == null) {
      LOG.log(
          DEBUG, () -> "held at %s: %d waiting".formatted(route.pattern(), gate().seats().taken()));
      await();
    } else {
      refuse(now, refusal, false);
    }
  }

  /** Takes a seat and returns null, or returns the reason for which it cannot be held. */
  private @Nullable Reason whyNotHeld(Standing now) {
    if (now.state() == RouteState.REFUSE) {
      return now.reasonOr(Reason.BUDGET_SPENT);
    }
    Seats seats = gate().seats();
    if (!gate().mayHold(arrival.bytes())) {
      return now.reasonOr(Reason.FULL);
    }
    // Before anything is computed: a crowd of strangers at a full gate must cost little.
    if (seats.areFull(client)) {
      return now.reasonOr(Reason.FULL);
    }
    Reason hopeless = whyHopeless(now);
    if (hopeless != null) {
      return now.reasonOr(hopeless);
    }
    return seats.take(client) ? null : now.reasonOr(Reason.FULL);
  }

  /** Why holding it would be in vain, as far as can be known. */
  private @Nullable Reason whyHopeless(Standing now) {
    long left = deadline - gate().now();
    if (left <= 0) {
      return Reason.BUDGET_SPENT;
    }
    Forecast forecast = now.state() == RouteState.HOLD ? route.forecast() : Forecast.UNKNOWN;
    return forecast.isBeyond(Duration.ofNanos(left)) ? Reason.TOO_LONG : null;
  }

  /**
   * Seated already: arms the timer, joins the line, and only then looks at the standing once more,
   * so that no change is missed.
   *
   * <p>Whoever finds this waiter in the line sees its timer too, and clears up after itself. The
   * timer and the client may decide before it is in the line; only they are cleared up after here,
   * and their outcomes are final. To clear up after an admission would be wrong: it may have failed
   * meanwhile, and the waiter be back in the line.
   */
  private void await() {
    Line joined = route.line(lane);
    line = joined;
    if (!armTimer()) {
      return;
    }
    joined.add(this);
    if (gate().strategy().polls()) {
      startPolling(route.standing());
    }
    Place now = place;
    if (now == Place.REFUSED || now == Place.GONE) {
      stopTimers();
      joined.remove(this);
    }
    Standing again = route.standing();
    if (again.state() != RouteState.HOLD && mayEnter(again.generation())) {
      joined.wakeForNewcomer();
    }
  }

  private boolean armTimer() {
    try {
      timer = gate().scheduler().schedule(this::expire, Duration.ofNanos(deadline - gate().now()));
      return true;
    } catch (RuntimeException | Error e) {
      LOG.log(ERROR, "the scheduler takes no tasks; nobody can be held at " + route.pattern(), e);
      expire();
      return false;
    }
  }

  // ---- Outcomes.

  /**
   * On the lane, taken from the line: let in or refused, as the standing says. Where that is paced,
   * with a permit, which is handed back if somebody else decided first.
   */
  void decideWithPermit(Standing now) {
    if (!now.lets()) {
      refuse(now, now.reasonOr(Reason.BUDGET_SPENT), true);
    } else if (move(Place.WAITING, Place.ADMITTED)) {
      quit();
      tell(admitted(now));
      log("admitted", now);
    } else if (now.state() == RouteState.PACED) {
      gate().pacer().unused();
    }
  }

  private Admitted admitted(Standing now) {
    gate().count().admitted();
    ended(WaitEnded.Outcome.ADMITTED, null, now.phase());
    return new Admitted(this, now, waited());
  }

  private void ended(WaitEnded.Outcome outcome, @Nullable Reason reason, @Nullable String phase) {
    gate()
        .ended(() ->
            new WaitEnded(
                route.pattern(),
                outcome,
                reason,
                phase,
                arrival.client(),
                waited(),
                bound,
                limit()));
  }

  private Duration limit() {
    return Duration.ofNanos(deadline - knockedAt);
  }

  void expire() {
    Standing now = route.standing();
    refuse(now, now.reasonOr(Reason.BUDGET_SPENT), false);
  }

  private void refuse(Standing now, Reason reason, boolean onLane) {
    if (!move(Place.WAITING, Place.REFUSED)) {
      return;
    }
    boolean held = line != null;
    if (held) {
      quit();
    }
    tellRefused(now, reason, onLane);
    if (held) {
      log(reason == Reason.BUDGET_SPENT ? "timed out" : "refused " + reason, now);
    }
  }

  private void tellRefused(Standing now, Reason reason, boolean onLane) {
    gate().count().refused(reason);
    ended(WaitEnded.Outcome.REFUSED, reason, now.phase());
    Refused refused = new Refused(reason, route.retryAfter(reason), now.phase(), waited());
    if (onLane) {
      tell(refused);
    } else {
      Line.post(lane, () -> tell(refused));
    }
  }

  /** Called once by an admission that failed. */
  void putBack(long generation, Throwable cause) {
    LOG.log(INFO, "an admission at {0} failed: {1}", route.pattern(), cause.toString());
    failedIn = generation;
    if (!gate().seats().take(client)) {
      if (move(Place.ADMITTED, Place.REFUSED)) {
        Standing now = route.standing();
        tellRefused(now, now.reasonOr(Reason.FULL), false);
        log("refused " + now.reasonOr(Reason.FULL), now);
      }
    } else if (move(Place.ADMITTED, Place.WAITING)) {
      gate().count().returned();
      await();
    } else {
      gate().seats().giveBack(client);
    }
  }

  /** What the winner of the compare-and-set does, whatever the outcome. */
  private void quit() {
    Line joined = line;
    if (joined != null) {
      joined.remove(this);
    }
    stopTimers();
    gate().seats().giveBack(client);
    route.openIfNobodyWaits();
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
    } catch (Throwable e) {
      LOG.log(ERROR, "the callback of a waiter at " + route.pattern() + " threw", e);
      if (admission instanceof Admitted admitted) {
        // Nobody is left to settle it.
        admitted.opened();
      }
    }
  }

  private Duration waited() {
    return Duration.ofNanos(Math.max(0, gate().now() - knockedAt));
  }

  private void log(String outcome, Standing now) {
    Polling asked = polling;
    WaitLog.ended(
        gate().strategy(),
        now.phaseOrNothing(),
        outcome,
        waited(),
        asked == null ? 0 : asked.count(),
        bound,
        limit());
  }

  // ---- Polling, for the strategies that ask.

  private void startPolling(Standing seen) {
    Polling asking = polling;
    if (asking == null) {
      asking = new Polling(this, route, lane, limit());
      polling = asking;
    }
    asking.askLater(seen);
  }
}
