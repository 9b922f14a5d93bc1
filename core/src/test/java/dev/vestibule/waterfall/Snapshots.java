package dev.vestibule.waterfall;

import dev.vestibule.PhaseFailure;
import dev.vestibule.PhaseSnapshot;
import dev.vestibule.PhaseState;
import dev.vestibule.StartupSnapshot;
import dev.vestibule.StartupState;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Startups at moments that are hard to come by otherwise. Times are in milliseconds. */
final class Snapshots {

  private Snapshots() {}

  static StartupSnapshot of(StartupState state, long elapsed, PhaseSnapshot... phases) {
    return new StartupSnapshot(1, state, Duration.ofMillis(elapsed), List.of(phases));
  }

  static PhaseSnapshot ready(String name, long from, long to, String... after) {
    return phase(name, PhaseState.READY, from, to, null, after);
  }

  static PhaseSnapshot running(String name, long from, String... after) {
    return phase(name, PhaseState.RUNNING, from, null, null, after);
  }

  static PhaseSnapshot down(String name, long from, long to, String... after) {
    return phase(name, PhaseState.DOWN, from, to, null, after);
  }

  static PhaseSnapshot pending(String name, String... after) {
    return phase(name, PhaseState.PENDING, null, null, null, after);
  }

  static PhaseSnapshot failed(String name, long from, long to, Throwable cause, String... after) {
    PhaseFailure failure = new PhaseFailure(name, 2, 3, Duration.ofMillis(to - from), cause);
    return phase(name, PhaseState.FAILED, from, to, failure, after);
  }

  private static PhaseSnapshot phase(
      String name,
      PhaseState state,
      @Nullable Long from,
      @Nullable Long to,
      @Nullable PhaseFailure failure,
      String... after) {
    return new PhaseSnapshot(
        name, state, List.of(after), false, at(from), at(to), from == null ? 0 : 1, failure, null);
  }

  private static @Nullable Duration at(@Nullable Long millis) {
    return millis == null ? null : Duration.ofMillis(millis);
  }
}
