package dev.vestibule;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Knows how long phases take. Must be safe for use by many threads and must not block. */
@FunctionalInterface
public interface Estimator {

  /**
   * How long until all of these phases have passed.
   *
   * @param now where every phase stands, and since when
   * @param phases names of the phases that must pass; phases that these come after count too
   * @return the time that remains from {@link StartupSnapshot#elapsed()} on, which is zero when
   *     they have all passed; null when nothing is known, or when they are not going to pass. When
   *     they should have passed long ago by all that is known, it may be a guess that rests on no
   *     starts.
   */
  @Nullable Estimate remaining(StartupSnapshot now, Set<String> phases);
}
