package dev.vestibule;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Stands in front of routes and holds arrivals until the phases that their route requires are
 * ready. Safe for use by many threads.
 *
 * <h2>What its states are</h2>
 *
 * <p>Each {@link Route} has one volatile value, its standing: hold, paced, open or refuse, with a
 * generation that grows with each change. It is computed from the phases ({@code Requirement})
 * whenever startup announces a change, under the gate's lock, and read by everyone else without
 * one.
 *
 * <h2>How an arrival is admitted</h2>
 *
 * <p>Open: at once. Refusing: refused at once. Holding: refused at once if its time will be over
 * before the route opens, as far as that can be known ({@code Forecast}); else it takes a seat
 * ({@code Seats}: a bound in all and per client), becomes a {@link Waiter}, and stays until the
 * first of: its route opens; its route refuses; its time is up; its client leaves. These race, and
 * one compare-and-set on the waiter's place decides. The winner gives the seat back, takes down the
 * timer, and tells; the losers find the place taken and do nothing.
 *
 * <h2>In which order waiters leave, and how they are woken</h2>
 *
 * <p>Waiters stand in one {@code Line} per route and lane (an event loop, say). When a route opens,
 * one task is posted to each lane that has a line; it lets out that line's waiters in order of
 * arrival. There is no task per waiter and no polling; ten thousand waiters on two lanes cost two
 * wake-ups.
 *
 * <p>No wake-up is lost: an arrival joins its line first and reads the standing again after that.
 * Either the change of standing came before that second read, and the waiter wakes its line itself;
 * or it came later, and then the wake-up finds the line with the waiter in it. The same holds for a
 * lane that registers, since its line is found or made before the second read.
 *
 * <p>Nobody is let in by an opening that has passed: the task reads the standing again before each
 * waiter, so a route that closes stops a release half-way, and the rest keep their places.
 *
 * <p>Where the {@link Pace} bounds how many may go in, an opening is paced at first: each waiter
 * needs a permit ({@code Pacer}), a line that finds none is woken when there is one, and newcomers
 * queue behind. When the last line is empty the same opening goes on without the pace.
 *
 * <p>An admission is settled once. If what should have been behind the door was not there, the
 * waiter goes back with its old deadline and its old place in the order, and the generation that
 * let it in will not do so again.
 *
 * <h2>Where the ideas come from</h2>
 *
 * <p>Publish, then check again: the Dekker-style handshake of every lock-free waiting list, as in
 * the JDK's own {@code AbstractQueuedSynchronizer}. One outcome per waiter, with the loser undoing
 * its side, permits handed back: Netflix's concurrency-limits. One task per event loop in place of
 * one per connection: how Netty writes.
 */
public final class Gate {

  private static final System.Logger LOG = System.getLogger(Gate.class.getName());

  private final List<Route> routes = new ArrayList<>();
  private final Route ungated;
  private final Seats seats;
  private final GateCount count = new GateCount();
  private final int maxBytesPerWaiter;
  private final ReadinessStrategy strategy;
  private final Pacer pacer;
  private final Estimator estimator;
  private final List<GateListener> listeners;
  private final Ticker ticker;
  private final Scheduler scheduler;
  private final RandomGenerator random;
  private final AtomicLong sequence = new AtomicLong();

  private final ReentrantLock lock = new ReentrantLock();
  // Changed under the lock.
  private volatile Startup behind;
  // Guarded by the lock.
  private @Nullable StartupSnapshot startup;
  private boolean draining;

  Gate(GateBuilder definition, Mistakes mistakes) {
    this.seats = new Seats(definition.maxWaiting, definition.maxWaitingPerClient);
    this.maxBytesPerWaiter = definition.maxBytesPerWaiter;
    this.strategy = definition.strategy;
    this.pacer = new Pacer(Permits.of(definition.pace, definition.ticker), definition.scheduler);
    this.estimator = definition.estimator;
    this.listeners = new CopyOnWriteArrayList<>(definition.listeners);
    this.behind = definition.startup;
    this.ticker = definition.ticker;
    this.scheduler = definition.scheduler;
    this.random = definition.random;
    RoutePattern everything = RoutePattern.parse("/**", mistakes);
    this.ungated = new Route(everything, Requirement.NONE, this, definition.holdAtMost, Bound.GATE);
  }

  /**
   * Begins a definition.
   *
   * @param startup whose phases decide
   * @return a builder
   */
  public static GateBuilder before(Startup startup) {
    return new GateBuilder(startup);
  }

  /**
   * Finds the route that takes a path.
   *
   * @param path decoded and normalised, without the query
   * @return the first declared route whose pattern takes it; null when none does, and the path is
   *     not gated
   */
  public @Nullable Route routeAt(String path) {
    for (Route route : routes) {
      if (route.takes(path)) {
        return route;
      }
    }
    return null;
  }

  /**
   * Asks to be let in. Returns at once.
   *
   * @param arrival says where, who and on which lane
   * @param callback told the outcome exactly once, on the lane, never before it is known and
   *     possibly before this method has returned; told again only after an admission was
   *     {@linkplain Admitted#failed failed}. What it throws is logged.
   * @return the waiter, which must be told when its client goes away
   * @throws IllegalStateException when the arrival names no lane
   */
  public Waiter admit(Arrival arrival, Consumer<? super Admission> callback) {
    Route declared = routeAt(arrival.path());
    Route route = declared == null ? ungated : declared;
    Waiter waiter =
        new Waiter(
            route,
            arrival,
            callback,
            seats.clientOf(arrival.client()),
            sequence.getAndIncrement(),
            ticker.read());
    waiter.arrive(route.standing());
    return waiter;
  }

  /**
   * Refuses those who wait, and everyone from now on, because the process is going away. Sessions
   * that are open are not touched. Calling it again does nothing.
   */
  public void drain() {
    lock.lock();
    try {
      draining = true;
    } finally {
      lock.unlock();
    }
    refresh(behind, null);
  }

  /**
   * What stands behind the gate starts again: from now on another startup decides, and nothing that
   * the one before says counts any more. Routes hold until its phases are ready; who waits keeps
   * its place and its deadline. The startup before may be closed after this.
   *
   * @param next has phases of the same names as the startup that the gate was built with
   * @throws IllegalArgumentException when its phases have other names
   */
  public void restart(Startup next) {
    lock.lock();
    try {
      if (!next.phaseNames().equals(behind.phaseNames())) {
        throw new IllegalArgumentException(
            "phases: %s (expected: %s)".formatted(next.phaseNames(), behind.phaseNames()));
      }
      behind = next;
      startup = null;
    } finally {
      lock.unlock();
    }
    follow(next);
  }

  /**
   * Adds someone who hears how arrivals fare from now on; see {@link GateBuilder#listener}, which
   * misses none.
   *
   * @param listener must be quick and must not block
   */
  public void listen(GateListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
  }

  /**
   * The figures now.
   *
   * @return an immutable snapshot
   */
  public GateSnapshot snapshot() {
    return count.snapshot(seats.taken(), routes.stream().map(Route::snapshot).toList());
  }

  /**
   * The routes.
   *
   * @return in the order in which they are tried; immutable
   */
  public List<Route> routes() {
    return List.copyOf(routes);
  }

  /**
   * Those who wait now, for the admin side.
   *
   * @param most how many at most; zero or more
   * @return those who have waited longest, the longest first
   */
  public List<WaiterSnapshot> waiters(int most) {
    List<Waiter> all = new ArrayList<>();
    routes.forEach(route -> route.addWaiters(all));
    ungated.addWaiters(all);
    long now = ticker.read();
    return all.stream()
        .map(waiter -> waiter.snapshot(now))
        .sorted(Comparator.comparing(WaiterSnapshot::waited).reversed())
        .limit(most)
        .toList();
  }

  /** Completes the construction: the routes need the gate, and the gate needs the routes. */
  void open(List<Route> declared) {
    routes.addAll(declared);
    follow(behind);
  }

  private void follow(Startup startup) {
    startup.listen(event -> refresh(startup, event.snapshot()));
    refresh(startup, startup.snapshot());
  }

  /** Recomputes every route's standing, then wakes the lines of those that let their waiters go. */
  private void refresh(Startup teller, @Nullable StartupSnapshot news) {
    List<Runnable> effects = new ArrayList<>();
    lock.lock();
    try {
      if (teller != behind) {
        return;
      }
      if (news != null && (startup == null || news.version() >= startup.version())) {
        startup = news;
      }
      StartupSnapshot now = startup;
      if (now == null) {
        return;
      }
      for (Route route : routes) {
        update(route, now, effects);
      }
      update(ungated, now, effects);
    } finally {
      lock.unlock();
    }
    effects.forEach(Runnable::run);
  }

  private void update(Route route, StartupSnapshot phases, List<Runnable> effects) {
    Standing before = route.update(phases, draining);
    if (before == null) {
      return;
    }
    Standing now = route.standing();
    if (now.state() != RouteState.HOLD) {
      effects.add(route::wake);
    }
    if (route != ungated && now.isNewsAfter(before)) {
      effects.add(() ->
          LOG.log(
              INFO,
              "route {0}: {1} (phase {2})",
              route.pattern(),
              now.state(),
              now.phaseOrNothing()));
    }
  }

  /** Nobody waits for a paced route any more. */
  void calm(Route route) {
    boolean over;
    lock.lock();
    try {
      over = route.calm();
    } finally {
      lock.unlock();
    }
    if (over) {
      LOG.log(INFO, "route {0}: OPEN (nobody waits any more)", route.pattern());
    }
  }

  /** Tells the listeners how an arrival fared, if there are any. */
  void ended(Supplier<WaitEnded> wait) {
    if (listeners.isEmpty()) {
      return;
    }
    WaitEnded ended = wait.get();
    for (GateListener listener : listeners) {
      try {
        listener.ended(ended);
      } catch (Throwable e) {
        LOG.log(ERROR, "a gate listener threw; the others still hear", e);
      }
    }
  }

  Forecast forecast(Requirement requirement) {
    Startup teller = behind;
    StartupSnapshot taken = teller.snapshot();
    // Its time stands still once startup is over, and what is down or still runs goes on.
    StartupSnapshot now =
        new StartupSnapshot(taken.version(), taken.state(), teller.sinceStart(), taken.phases());
    try {
      return Forecast.of(now, requirement.lacking(now), estimator);
    } catch (RuntimeException | Error e) {
      // Somebody else's code: whoever waits is told the truth without it.
      LOG.log(ERROR, "the estimator threw; nothing is known of what is to come", e);
      return Forecast.UNKNOWN;
    }
  }

  Pacer pacer() {
    return pacer;
  }

  long now() {
    return ticker.read();
  }

  Scheduler scheduler() {
    return scheduler;
  }

  ReadinessStrategy strategy() {
    return strategy;
  }

  Seats seats() {
    return seats;
  }

  GateCount count() {
    return count;
  }

  boolean mayHold(int bytes) {
    return bytes <= maxBytesPerWaiter;
  }

  /**
   * When to come back: when the route will most likely be open, if that is known. Spread over some
   * time, so that those who were refused together do not return together; later where nothing will
   * have changed soon.
   */
  Duration retryAfter(Reason reason, @Nullable Duration worthAfter) {
    if (reason == Reason.STARTUP_FAILED) {
      return Duration.ofMillis(random.nextLong(5_000, 15_000));
    }
    if (reason == Reason.DRAINING || worthAfter == null) {
      return Duration.ofMillis(random.nextLong(1_000, 5_000));
    }
    long least = Math.max(1_000, worthAfter.toMillis());
    return Duration.ofMillis(least + random.nextLong(Math.max(2_000, least / 5)));
  }
}
