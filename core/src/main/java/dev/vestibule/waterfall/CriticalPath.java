package dev.vestibule.waterfall;

import dev.vestibule.Estimate;
import dev.vestibule.PhaseSnapshot;
import dev.vestibule.PhaseState;
import dev.vestibule.StartupSnapshot;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which phases decide when startup is ready: back from the required phase that ends last, each time
 * to the phase that it waited for longest. An optional phase is among them only if a required one
 * waits for it; the last one of all counts only where none is required. Whoever wants a faster
 * start shortens one of these; the others only have to stay out of their way (Kelley and Walker,
 * Critical-path planning and scheduling, 1959).
 *
 * <p>While startup runs, the last is the one that will take longest by what is estimated. Where
 * that is not known, it is the one with most phases still before it, and of two such the one that
 * has run for longer. Used by one thread.
 */
final class CriticalPath {

  private final StartupSnapshot startup;
  private final Map<String, Estimate> remaining;
  private final boolean estimated;
  private final Map<String, Integer> stillBefore = new HashMap<>();

  private CriticalPath(StartupSnapshot startup, Map<String, Estimate> remaining) {
    this.startup = startup;
    this.remaining = remaining;
    // Some known and some not cannot be put in order.
    this.estimated =
        startup.phases().stream()
            .allMatch(it -> it.state().isSettled() || remaining.containsKey(it.name()));
  }

  /**
   * The names of the phases on the path.
   *
   * @param startup the startup
   * @param remaining what is known of phases that have not settled
   * @return in order; empty when nothing is decided by it any more, because startup was closed
   */
  static List<String> of(StartupSnapshot startup, Map<String, Estimate> remaining) {
    return new CriticalPath(startup, remaining).find();
  }

  private List<String> find() {
    Deque<String> path = new ArrayDeque<>();
    PhaseSnapshot at = last().orElse(null);
    while (at != null) {
      path.addFirst(at.name());
      at = at.after().stream().map(startup::phase).max(laterEnd()).orElse(null);
    }
    return List.copyOf(path);
  }

  private Optional<PhaseSnapshot> last() {
    return switch (startup.state()) {
      case CLOSED -> Optional.empty();
      case FAILED ->
          startup.phases().stream()
              .filter(it -> it.state() == PhaseState.FAILED && !it.optional())
              .min(Comparator.comparing(it -> orZero(it.endedAt())));
      case RUNNING, COMPLETE, DEGRADED ->
          startup.phases().stream()
              .max(
                  Comparator.<PhaseSnapshot, Boolean>comparing(it -> !it.optional())
                      .thenComparing(laterEnd()));
    };
  }

  /** What has settled ended before what has not. */
  private Comparator<PhaseSnapshot> laterEnd() {
    Comparator<PhaseSnapshot> byWhatIsLeft =
        estimated ? Comparator.comparing(this::left) : Comparator.comparingInt(this::stillBefore);
    return Comparator.<PhaseSnapshot, Boolean>comparing(it -> !it.state().isSettled())
        .thenComparing(byWhatIsLeft)
        .thenComparing(it -> orZero(it.endedAt()))
        .thenComparing(it -> orZero(it.startedAt()), Comparator.reverseOrder());
  }

  private Duration left(PhaseSnapshot phase) {
    Estimate estimate = remaining.get(phase.name());
    return phase.state().isSettled() || estimate == null ? Duration.ZERO : estimate.p50();
  }

  /** How many phases must still settle one after another, this one included. */
  private int stillBefore(PhaseSnapshot phase) {
    if (phase.state().isSettled()) {
      return 0;
    }
    Integer known = stillBefore.get(phase.name());
    if (known != null) {
      return known;
    }
    int most = 0;
    for (String name : phase.after()) {
      most = Math.max(most, stillBefore(startup.phase(name)));
    }
    stillBefore.put(phase.name(), most + 1);
    return most + 1;
  }

  private static Duration orZero(@Nullable Duration duration) {
    return duration == null ? Duration.ZERO : duration;
  }
}
