package dev.vestibule;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a route does with arrivals at the moment, as one value that is replaced and never changed.
 *
 * @param state hold, paced, open or refuse
 * @param generation greater by one with each standing of the route, so that a release of an earlier
 *     one is told apart
 * @param reason why it refuses, or why a waiter whose time is up now is refused
 * @param phase the phase that holds or refuses; when open, the one that held last; null when there
 *     is none, or when draining
 */
record Standing(
    RouteState state, long generation, @Nullable Reason reason, @Nullable String phase) {

  boolean isOpen() {
    return state == RouteState.OPEN;
  }

  /** Whether somebody who waits may go in, at once or at a pace. */
  boolean lets() {
    return state == RouteState.OPEN || state == RouteState.PACED;
  }

  /** Whether the phases say the same; the pace is not their business. */
  boolean isSameAs(Standing other) {
    if (lets() || other.lets()) {
      return lets() && other.lets();
    }
    return state == other.state && reason == other.reason && Objects.equals(phase, other.phase);
  }

  /** Whether this differs from the earlier one for those outside. */
  boolean isNewsAfter(Standing earlier) {
    return state != earlier.state || reason != earlier.reason;
  }

  /** This standing, remembering which phase was waited for. */
  Standing following(Standing earlier) {
    return isOpen() ? new Standing(state, generation, null, earlier.phase) : this;
  }

  /** An opening in which those who wait go in at a pace. */
  Standing paced() {
    return new Standing(RouteState.PACED, generation, Reason.BUSY, phase);
  }

  /** The same opening, with nobody left who waits. */
  Standing calm() {
    return new Standing(RouteState.OPEN, generation, null, phase);
  }

  /**
   * The reason told to somebody who cannot or can no longer be held, by {@link Reason}'s
   * precedence.
   */
  Reason reasonOr(Reason otherwise) {
    return reason != null && reason.compareTo(otherwise) < 0 ? reason : otherwise;
  }

  String phaseOrNothing() {
    return phase == null ? "-" : phase;
  }
}
