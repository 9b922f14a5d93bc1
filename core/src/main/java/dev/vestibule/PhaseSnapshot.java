package dev.vestibule;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A phase at one moment.
 *
 * @param name its name
 * @param state where it stands
 * @param after the phases that it comes after, as declared
 * @param optional whether startup can do without it
 * @param startedAt from the start of startup to its beginning; null while it has not begun
 * @param endedAt from the start of startup to the moment at which it settled first; null before
 * @param attempt the attempt at hand or the last one, counted from 1; 0 while it has not begun
 * @param failure why it failed; null unless it is {@link PhaseState#FAILED}
 * @param backAt from the start of startup to the moment before which what was lost will not be
 *     back; null unless the phase is {@link PhaseState#DOWN} and somebody said so
 */
public record PhaseSnapshot(
    String name,
    PhaseState state,
    List<String> after,
    boolean optional,
    @Nullable Duration startedAt,
    @Nullable Duration endedAt,
    int attempt,
    @Nullable PhaseFailure failure,
    @Nullable Duration backAt) {

  /** Copies the list, so that the record is immutable. */
  public PhaseSnapshot {
    after = List.copyOf(after);
  }

  /** Whether phases that come after this one may begin. */
  boolean hasPassed() {
    return state == PhaseState.READY || (optional && state.isSettled());
  }

  PhaseSnapshot begun(Duration at) {
    return new PhaseSnapshot(name, PhaseState.RUNNING, after, optional, at, null, 1, null, null);
  }

  PhaseSnapshot inAttempt(int number) {
    return new PhaseSnapshot(
        name, state, after, optional, startedAt, endedAt, number, failure, backAt);
  }

  PhaseSnapshot moved(PhaseState to, Duration at, @Nullable PhaseFailure why) {
    Duration ended = endedAt == null && to.isSettled() ? at : endedAt;
    return new PhaseSnapshot(name, to, after, optional, startedAt, ended, attempt, why, null);
  }

  PhaseSnapshot expectedBack(@Nullable Duration at) {
    return new PhaseSnapshot(
        name, state, after, optional, startedAt, endedAt, attempt, failure, at);
  }
}
