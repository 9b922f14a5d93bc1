package dev.vestibule;

import org.jspecify.annotations.Nullable;

/**
 * What a route does with arrivals at the moment, as one value that is replaced and never changed.
 *
 * @param state hold, open or refuse
 * @param generation greater by one with each standing of the route, so that a release of an earlier
 *     one is told apart
 * @param reason why it refuses, or why a waiter whose time is up now is refused
 * @param phase the phase that holds or refuses; null when open or draining
 */
record Standing(
    RouteState state, long generation, @Nullable Reason reason, @Nullable String phase) {

  boolean isOpen() {
    return state == RouteState.OPEN;
  }

  boolean isSameAs(Standing other) {
    return state == other.state
        && reason == other.reason
        && java.util.Objects.equals(phase, other.phase);
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
