package dev.vestibule;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A phase as it was defined. Exactly one of task and probe is set, or neither for a signalled
 * phase.
 */
record PhaseDefinition(
    String name,
    @Nullable PhaseTask task,
    @Nullable Probe probe,
    ReadinessStrategy strategy,
    List<String> after,
    @Nullable Duration timeout,
    int retries,
    Duration retryDelay,
    boolean optional,
    @Nullable HealthDefinition health) {

  boolean isSignalled() {
    return task == null && probe == null;
  }

  int attempts() {
    return retries == Integer.MAX_VALUE ? retries : retries + 1;
  }

  PhaseDefinition within(@Nullable Duration limit) {
    return new PhaseDefinition(
        name, task, probe, strategy, after, limit, retries, retryDelay, optional, health);
  }

  PhaseSnapshot pending() {
    return new PhaseSnapshot(name, PhaseState.PENDING, after, optional, null, null, 0, null, null);
  }
}
