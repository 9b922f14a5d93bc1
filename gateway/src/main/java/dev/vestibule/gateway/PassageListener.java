package dev.vestibule.gateway;

/** Hears what became of requests and sessions, on event loops: must be quick and must not block. */
@FunctionalInterface
public interface PassageListener {

  /**
   * A request or session is over.
   *
   * @param passage what became of it
   */
  void ended(Passage passage);
}
