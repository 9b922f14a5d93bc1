package dev.vestibule.history;

import dev.vestibule.PhaseSnapshot;
import dev.vestibule.PhaseState;
import dev.vestibule.StartupSnapshot;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A start that is over.
 *
 * @param graph which phases it had, see {@link Graphs#key}
 * @param phases what each of them took, by name
 */
record PastStart(String graph, SortedMap<String, PhaseTime> phases) {

  /** What there is to remember of a startup; null when no phase of it had begun. */
  static @Nullable PastStart of(StartupSnapshot over) {
    SortedMap<String, PhaseTime> phases = new TreeMap<>();
    boolean begun = false;
    for (PhaseSnapshot phase : over.phases()) {
      begun |= phase.startedAt() != null;
      phases.put(phase.name(), time(phase, over.elapsed()));
    }
    return begun ? new PastStart(Graphs.key(over.phases()), phases) : null;
  }

  private static PhaseTime time(PhaseSnapshot phase, Duration now) {
    Duration began = phase.startedAt();
    if (began == null) {
      return new PhaseTime(PhaseTime.End.CUT, 0);
    }
    Duration ended = phase.endedAt();
    long micros =
        TimeUnit.NANOSECONDS.toMicros((ended == null ? now : ended).minus(began).toNanos());
    return new PhaseTime(end(phase.state()), Math.max(0, micros));
  }

  private static PhaseTime.End end(PhaseState state) {
    return switch (state) {
      // What is down had been ready first.
      case READY, DOWN -> PhaseTime.End.READY;
      case FAILED -> PhaseTime.End.FAILED;
      case PENDING, RUNNING, SKIPPED, CANCELLED -> PhaseTime.End.CUT;
    };
  }
}
