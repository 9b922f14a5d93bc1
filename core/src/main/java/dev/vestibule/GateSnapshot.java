package dev.vestibule;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A gate at one moment. The figures are read one after another, so under load they may differ by
 * what happened between.
 *
 * @param waiting how many wait now, by the places that are taken; one is taken a moment before its
 *     waiter is in line
 * @param inFlight admissions not yet settled
 * @param admitted how often an arrival was admitted, counting again those that were put back;
 *     arrivals that an adapter lets pass because {@link Route#isOpen()} are not among them
 * @param returned admissions that failed, and whose waiters were put back
 * @param left waiters that left before they had an outcome
 * @param refused how many were refused, for every reason
 * @param routes each route, in the order in which they are tried
 */
public record GateSnapshot(
    int waiting,
    long inFlight,
    long admitted,
    long returned,
    long left,
    Map<Reason, Long> refused,
    List<RouteSnapshot> routes) {

  /** Copies the collections, so that the record is immutable. */
  public GateSnapshot {
    refused = Map.copyOf(refused);
    routes = List.copyOf(routes);
  }

  /**
   * A route at one moment.
   *
   * @param pattern which paths it takes
   * @param state what it does with an arrival
   * @param phase the phase that holds or refuses; null when open or draining
   * @param reason why it refuses; null unless it does
   * @param waiting how many wait for it
   */
  public record RouteSnapshot(
      String pattern,
      RouteState state,
      @Nullable String phase,
      @Nullable Reason reason,
      int waiting) {}
}
