package dev.vestibule.gateway;

import java.util.List;

/** Hears what became of requests and sessions, on event loops: must be quick and must not block. */
@FunctionalInterface
public interface PassageListener {

  /**
   * A request or session is over.
   *
   * @param passage what became of it
   */
  void ended(Passage passage);

  /**
   * A connection to an upstream could not be made, or not in time. Each attempt is told; whoever it
   * was for may still get through.
   *
   * @param upstream its name
   */
  default void connectFailed(String upstream) {}

  /**
   * Several as one.
   *
   * @param listeners told in this order
   * @return tells all of them
   */
  static PassageListener all(List<PassageListener> listeners) {
    List<PassageListener> all = List.copyOf(listeners);
    return new PassageListener() {
      @Override
      public void ended(Passage passage) {
        all.forEach(it -> it.ended(passage));
      }

      @Override
      public void connectFailed(String upstream) {
        all.forEach(it -> it.connectFailed(upstream));
      }
    };
  }
}
