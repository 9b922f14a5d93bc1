package dev.vestibule.spring;

import dev.vestibule.PhaseState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What earlier starts took, for the admin side to show; a bean, where something remembers. Must be
 * safe for use by many threads and must not block for long.
 */
@FunctionalInterface
public interface PastStarts {

  /**
   * The last starts.
   *
   * @param most how many at most; zero or more
   * @return the newest first, without the one at hand
   */
  List<PastStart> last(int most);

  /**
   * A start that is over. Immutable.
   *
   * @param at when it ended; null where that was not kept
   * @param phases its phases, in order
   */
  record PastStart(@Nullable Instant at, List<PastPhase> phases) {

    /** Copies the list, so that the record is immutable. */
    public PastStart {
      phases = List.copyOf(phases);
    }
  }

  /**
   * A phase of it.
   *
   * @param name its name
   * @param state in which it ended
   * @param took from its beginning to its end
   */
  record PastPhase(String name, PhaseState state, Duration took) {}
}
