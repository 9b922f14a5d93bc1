package dev.vestibule.history;

import dev.vestibule.PhaseSnapshot;
import dev.vestibule.StartupSnapshot;
import dev.vestibule.StartupState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A start that is over. Immutable.
 *
 * @param graph tells which phases it had: the same for the same names, dependencies and options
 * @param at when it ended, by the clock on the wall, in whole seconds
 * @param state in which it ended; {@link StartupState#CLOSED} also when it was cut short
 * @param elapsed from its beginning to its end, in whole microseconds
 * @param phases what each of its phases took, by name
 */
public record PastStart(
    String graph,
    Instant at,
    StartupState state,
    Duration elapsed,
    SortedMap<String, PhaseTime> phases) {

  /** Copies the map, so that the record is immutable. */
  public PastStart {
    phases = Collections.unmodifiableSortedMap(new TreeMap<>(phases));
  }

  /** What there is to remember of a startup; null when no phase of it had begun. */
  static @Nullable PastStart of(StartupSnapshot over, Instant at) {
    SortedMap<String, PhaseTime> phases = new TreeMap<>();
    boolean begun = false;
    for (PhaseSnapshot phase : over.phases()) {
      begun |= phase.startedAt() != null;
      phases.put(phase.name(), time(phase, over.elapsed()));
    }
    return begun
        ? new PastStart(
            Graphs.key(over.phases()),
            at.truncatedTo(ChronoUnit.SECONDS),
            over.state() == StartupState.RUNNING ? StartupState.CLOSED : over.state(),
            over.elapsed().truncatedTo(ChronoUnit.MICROS),
            phases)
        : null;
  }

  private static PhaseTime time(PhaseSnapshot phase, Duration now) {
    Duration began = phase.startedAt();
    if (began == null) {
      return new PhaseTime(PhaseTime.End.CUT, 0);
    }
    Duration ended = phase.endedAt();
    long micros =
        TimeUnit.NANOSECONDS.toMicros((ended == null ? now : ended).minus(began).toNanos());
    return new PhaseTime(end(phase), Math.max(0, micros));
  }

  private static PhaseTime.End end(PhaseSnapshot phase) {
    return switch (phase.state()) {
      // What is down had been ready first.
      case READY, DOWN -> phase.attempt() > 1 ? PhaseTime.End.RETRIED : PhaseTime.End.READY;
      case FAILED -> PhaseTime.End.FAILED;
      case PENDING, RUNNING, SKIPPED, CANCELLED -> PhaseTime.End.CUT;
    };
  }
}
