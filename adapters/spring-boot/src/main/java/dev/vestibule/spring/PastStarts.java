package dev.vestibule.spring;

import dev.vestibule.history.PastStart;
import java.util.List;

/**
 * What starts took, for the admin side to show; a bean. Without one of the application's own it is
 * what the {@link dev.vestibule.history.History} bean has kept of starts with the same phases. Must
 * be safe for use by many threads and must not block for long.
 */
@FunctionalInterface
public interface PastStarts {

  /**
   * The last starts.
   *
   * @param most how many at most; zero or more
   * @return the newest first; the one at hand among them once it is over
   */
  List<PastStart> last(int most);
}
