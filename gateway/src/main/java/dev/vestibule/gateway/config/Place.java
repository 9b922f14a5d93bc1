package dev.vestibule.gateway.config;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** What a key is about. */
public enum Place {
  /** The gateway itself: the top level of a file. */
  GATEWAY,
  /** A server behind: an entry of {@code upstreams}. */
  UPSTREAM,
  /** A route: an entry of {@code routes}. */
  ROUTE,
  /** The server that {@code run} starts: the top level of a file. */
  CHILD,
  /** This very process. */
  PROCESS;

  /**
   * The keys of one place that a file may have.
   *
   * @param places whose
   * @return in order
   */
  static Set<Key> inFile(Place... places) {
    EnumSet<Key> keys = EnumSet.noneOf(Key.class);
    for (Key key : Key.values()) {
      if (key.isInFile() && Arrays.asList(places).contains(key.place())) {
        keys.add(key);
      }
    }
    return keys;
  }
}
