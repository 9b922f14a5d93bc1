package dev.vestibule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Defines a gate: its routes and its bounds. Mistakes are reported together by {@link #build()}.
 * Not safe for use by many threads.
 */
public final class GateBuilder {

  final Startup startup;
  private final Mistakes mistakes = new Mistakes("gate");
  private final Map<String, Consumer<RouteBuilder>> routes = new LinkedHashMap<>();
  // The original case's queue held each connection for 30 s.
  Duration holdAtMost = Duration.ofSeconds(30);
  int maxWaiting = 10_000;
  int maxWaitingPerClient = Integer.MAX_VALUE;
  int maxBytesPerWaiter = 64 * 1024;
  ReadinessStrategy strategy = ReadinessStrategy.signal();
  Pace pace = Pace.allAtOnce();
  Estimator estimator = (now, phases) -> null;
  final List<GateListener> listeners = new ArrayList<>();
  Ticker ticker = Ticker.system();
  Scheduler scheduler = Scheduler.system();
  RandomGenerator random = new SharedRandom();

  GateBuilder(Startup startup) {
    this.startup = Objects.requireNonNull(startup, "startup");
  }

  /**
   * Adds a route. Routes are tried in the order in which they are added; the first that takes a
   * path is its route, and a path that none takes is not gated.
   *
   * @param pattern {@code /chat}: that path; {@code /rooms/*}: one segment in place of the star;
   *     {@code /chat/**}: that path and all below
   * @param definition says what the route requires
   * @return this
   */
  public GateBuilder route(String pattern, Consumer<RouteBuilder> definition) {
    if (routes.putIfAbsent(pattern, definition) != null) {
      mistakes.add("route: %s (expected: declared once)", pattern);
    }
    return this;
  }

  /**
   * The longest that an arrival waits, from its client's knock.
   *
   * @param limit more than zero, at most 365 days; default 30 s. Longer than a client or a hop in
   *     front waits means that they give up first.
   * @return this
   */
  public GateBuilder holdAtMost(Duration limit) {
    mistakes.expectPositive("holdAtMost", limit);
    holdAtMost = limit;
    return this;
  }

  /**
   * How many may wait at the same time. Each costs a connection and the memory of its request;
   * beyond this, arrivals are refused as {@link Reason#FULL}.
   *
   * @param most zero or more; zero means that nobody is held; default 10,000
   * @return this
   */
  public GateBuilder maxWaiting(int most) {
    mistakes.expectAtLeast("maxWaiting", most, 0);
    maxWaiting = most;
    return this;
  }

  /**
   * How many may wait from one client: one IPv4 address, or one IPv6 /64. Only arrivals that say
   * who they are {@linkplain Arrival#from from} are bounded. Too low a value refuses people who
   * share an address.
   *
   * @param most one or more; unlimited by default
   * @return this
   */
  public GateBuilder maxWaitingPerClient(int most) {
    mistakes.expectAtLeast("maxWaitingPerClient", most, 1);
    maxWaitingPerClient = most;
    return this;
  }

  /**
   * How much memory one waiter may hold, as its adapter counts it; one that would hold more is
   * refused as {@link Reason#FULL}.
   *
   * @param most bytes, one or more; default 64 KiB
   * @return this
   */
  public GateBuilder maxBytesPerWaiter(int most) {
    mistakes.expectAtLeast("maxBytesPerWaiter", most, 1);
    maxBytesPerWaiter = most;
    return this;
  }

  /**
   * How waiters learn that their route is open.
   *
   * @param strategy by default {@link ReadinessStrategy#signal()}: woken by the change itself. With
   *     a polling strategy each waiter asks for itself from its arrival on, connect times spread
   *     over the interval, and the order of arrival is not kept.
   * @return this
   */
  public GateBuilder strategy(ReadinessStrategy strategy) {
    this.strategy = Objects.requireNonNull(strategy, "strategy");
    return this;
  }

  /**
   * How fast those who wait are let in once their route is open.
   *
   * @param pace by default {@link Pace#allAtOnce()}
   * @return this
   */
  public GateBuilder pace(Pace pace) {
    this.pace = Objects.requireNonNull(pace, "pace");
    return this;
  }

  /**
   * Says how long phases are going to take. Arrivals whose time will most likely be over before
   * then are refused at once, as {@link Reason#TOO_LONG}: if nine past starts of ten took longer
   * from here, and at least five are known. Those who are refused are asked to come back when the
   * route will most likely be open.
   *
   * @param estimator by default knows nothing
   * @return this
   */
  public GateBuilder estimator(Estimator estimator) {
    this.estimator = Objects.requireNonNull(estimator, "estimator");
    return this;
  }

  /**
   * Adds someone who hears how arrivals fare.
   *
   * @param listener must be quick and must not block
   * @return this
   */
  public GateBuilder listener(GateListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
    return this;
  }

  /**
   * The clock that measures waits.
   *
   * @param ticker by default {@link Ticker#system()}
   * @return this
   */
  public GateBuilder ticker(Ticker ticker) {
    this.ticker = Objects.requireNonNull(ticker, "ticker");
    return this;
  }

  /**
   * Ends waits whose time is up.
   *
   * @param scheduler by default {@link Scheduler#system()}
   * @return this
   */
  public GateBuilder scheduler(Scheduler scheduler) {
    this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
    return this;
  }

  /**
   * Spreads the times at which refused clients are asked to come back.
   *
   * @param random safe for use by many threads; by default {@link
   *     java.util.concurrent.ThreadLocalRandom}
   * @return this
   */
  public GateBuilder random(RandomGenerator random) {
    this.random = Objects.requireNonNull(random, "random");
    return this;
  }

  /**
   * Checks the definition.
   *
   * @return a gate that follows its startup from now on
   * @throws IllegalArgumentException naming every mistake: unknown phases, bad patterns, values out
   *     of range
   */
  public Gate build() {
    Gate gate = new Gate(this, mistakes);
    List<Route> declared =
        routes.entrySet().stream()
            .map(entry -> {
              RoutePattern pattern = RoutePattern.parse(entry.getKey(), mistakes);
              RouteBuilder route = new RouteBuilder(pattern, mistakes);
              entry.getValue().accept(route);
              return route.build(startup, gate, holdAtMost);
            })
            .toList();
    mistakes.throwIfAny();
    gate.open(declared);
    return gate;
  }

  /** Asks the current thread's generator each time, as it must be asked. */
  private static final class SharedRandom implements RandomGenerator {
    @Override
    public long nextLong() {
      return java.util.concurrent.ThreadLocalRandom.current().nextLong();
    }
  }
}
