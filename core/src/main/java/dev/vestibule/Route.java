package dev.vestibule;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A part of the application behind the gate. Safe for use by many threads. */
public final class Route {

  private final RoutePattern pattern;
  private final Requirement requirement;
  private final Gate gate;
  private final Duration hold;
  private final Bound bound;
  private final ConcurrentMap<Executor, Line> lines = new ConcurrentHashMap<>();
  private volatile Standing standing = new Standing(RouteState.HOLD, 0, null, null);

  Route(RoutePattern pattern, Requirement requirement, Gate gate, Duration hold, Bound bound) {
    this.pattern = pattern;
    this.requirement = requirement;
    this.gate = gate;
    this.hold = hold;
    this.bound = bound;
  }

  /**
   * Whether arrivals pass. One volatile read: no lock, no allocation, no clock. An adapter asks
   * this first, and only when the answer is no does it need {@link Gate#admit}.
   *
   * @return true when nothing stands in the way
   */
  public boolean isOpen() {
    return standing.isOpen();
  }

  /**
   * What the route does with an arrival.
   *
   * @return its state now
   */
  public RouteState state() {
    return standing.state();
  }

  /**
   * Which paths it takes.
   *
   * @return the pattern as it was declared
   */
  public String pattern() {
    return pattern.toString();
  }

  /**
   * Whether it takes a path.
   *
   * @param path decoded and normalised, without the query
   * @return true when its pattern does
   */
  public boolean takes(String path) {
    return pattern.matches(path);
  }

  Gate gate() {
    return gate;
  }

  Duration hold() {
    return hold;
  }

  Bound bound() {
    return bound;
  }

  Standing standing() {
    return standing;
  }

  /**
   * How long until it opens, by what past starts say and by what those said who lost something.
   *
   * @return the time that remains; zero when it is open; null when nothing is known, or when it
   *     will not open any more
   */
  public @Nullable Estimate remaining() {
    return switch (state()) {
      case OPEN, PACED -> new Estimate(Duration.ZERO, Duration.ZERO, Duration.ZERO, 0);
      case REFUSE -> null;
      case HOLD -> forecast().whole();
    };
  }

  Forecast forecast() {
    return gate.forecast(requirement);
  }

  Duration retryAfter(Reason reason) {
    boolean holds = state() == RouteState.HOLD;
    return gate.retryAfter(reason, holds ? forecast().worthComingBackAfter() : null);
  }

  /**
   * The line of a lane. A lane that is new here may be missed by a wake-up under way: whoever joins
   * looks again.
   */
  Line line(Executor lane) {
    return lines.computeIfAbsent(lane, it -> new Line(this, it));
  }

  /**
   * Takes over what the phases say; called under the gate's lock. Returns the standing that this
   * replaced, or null when nothing changed.
   */
  @Nullable Standing update(StartupSnapshot startup, boolean draining) {
    Standing before = standing;
    long next = before.generation() + 1;
    Standing now =
        draining
            ? new Standing(RouteState.REFUSE, next, Reason.DRAINING, null)
            : requirement.standing(startup, next).following(before);
    if (now.isSameAs(before)) {
      return null;
    }
    boolean atOnce = gate.pacer().isUnbounded() || !someoneWaitsFor(now);
    standing = now.isOpen() && !atOnce ? now.paced() : now;
    return before;
  }

  /**
   * Once nobody waits any more, the pace is over. Whoever joins a line after this look looks at the
   * standing again, and finds the route open.
   */
  void openIfNobodyWaits() {
    Standing now = standing;
    if (now.state() == RouteState.PACED && !someoneWaitsFor(now)) {
      gate.calm(this);
    }
  }

  /** Called under the gate's lock. Returns whether this ended the pace. */
  boolean calm() {
    Standing now = standing;
    boolean over = now.state() == RouteState.PACED && !someoneWaitsFor(now);
    if (over) {
      standing = now.calm();
    }
    return over;
  }

  private boolean someoneWaitsFor(Standing opening) {
    for (Line line : lines.values()) {
      if (line.hasWaitersFor(opening.generation())) {
        return true;
      }
    }
    return false;
  }

  /** Posts one task per lane. */
  void wake() {
    lines.values().forEach(Line::wake);
  }

  void addWaiters(Collection<Waiter> to) {
    lines.values().forEach(line -> to.addAll(line.waiters()));
  }

  GateSnapshot.RouteSnapshot snapshot() {
    Standing now = standing;
    int waiting = lines.values().stream().mapToInt(Line::size).sum();
    Reason reason = now.state() == RouteState.REFUSE ? now.reason() : null;
    String phase = now.lets() ? null : now.phase();
    return new GateSnapshot.RouteSnapshot(pattern(), now.state(), phase, reason, waiting);
  }
}
