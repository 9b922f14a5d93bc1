package dev.vestibule;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gives a time limit to the phases that name none. */
@FunctionalInterface
public interface PhaseTimeouts {

  /**
   * The time limit of a phase, in the sense of {@link PhaseBuilder#timeout}.
   *
   * @param phase its name
   * @param graph every phase as it was defined, none of them begun; tells one graph from another
   * @return more than zero, or null for no limit
   */
  @Nullable Duration of(String phase, List<PhaseSnapshot> graph);

  /**
   * Where {@link #of} takes a limit from, for whoever reads the settings.
   *
   * @param phase the same as for {@link #of}
   * @param graph the same as for {@link #of}
   * @return a few words; by default {@code default}
   */
  default String source(String phase, List<PhaseSnapshot> graph) {
    return "default";
  }
}
