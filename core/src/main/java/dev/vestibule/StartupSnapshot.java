package dev.vestibule;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A startup at one moment. Immutable.
 *
 * @param version how many changes came before; a greater one is newer
 * @param state where startup as a whole stands
 * @param elapsed from {@link Startup#start()} to this moment, or to the end of startup if that was
 *     earlier; zero before
 * @param phases every phase, in the order in which they were defined
 */
public record StartupSnapshot(
    long version, StartupState state, Duration elapsed, List<PhaseSnapshot> phases) {

  /** Copies the list, so that the record is immutable. */
  public StartupSnapshot {
    phases = List.copyOf(phases);
  }

  /**
   * One phase.
   *
   * @param name its name
   * @return the phase
   * @throws IllegalArgumentException when there is no such phase
   */
  public PhaseSnapshot phase(String name) {
    for (PhaseSnapshot phase : phases) {
      if (phase.name().equals(name)) {
        return phase;
      }
    }
    throw new IllegalArgumentException("phase: %s (expected: one of %s)".formatted(name, names()));
  }

  /**
   * The failure that made startup fail, or that of the first optional phase that failed.
   *
   * @return the first failure of a required phase, else the first of an optional one
   */
  public Optional<PhaseFailure> failure() {
    return phases.stream()
        .filter(phase -> phase.failure() != null)
        .min((a, b) -> Boolean.compare(a.optional(), b.optional()))
        .map(PhaseSnapshot::failure);
  }

  /**
   * The timeline as JSON for anyone to read: names, states and times of the phases, no causes.
   *
   * @return one JSON object; its shape is in {@code docs/chat-protocol.md}, times in milliseconds
   */
  public String toJson() {
    StringBuilder out = new StringBuilder(64 + 128 * phases.size());
    out.append("{\"state\":").append(Text.quoted(state.name()));
    out.append(",\"elapsedMillis\":").append(Text.millis(elapsed));
    out.append(",\"phases\":[");
    String separator = "";
    for (PhaseSnapshot phase : phases) {
      out.append(separator).append("{\"name\":").append(Text.quoted(phase.name()));
      out.append(",\"state\":").append(Text.quoted(phase.state().name()));
      out.append(",\"after\":[");
      out.append(String.join(",", phase.after().stream().map(Text::quoted).toList()));
      out.append("],\"optional\":").append(phase.optional());
      out.append(",\"startedMillis\":").append(millisOrNull(phase.startedAt()));
      out.append(",\"endedMillis\":").append(millisOrNull(phase.endedAt()));
      out.append(",\"attempt\":").append(phase.attempt()).append('}');
      separator = ",";
    }
    return out.append("]}").toString();
  }

  private static String millisOrNull(@Nullable Duration duration) {
    return duration == null ? "null" : Text.millis(duration);
  }

  private List<String> names() {
    return phases.stream().map(PhaseSnapshot::name).toList();
  }
}
