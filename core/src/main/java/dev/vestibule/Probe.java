package dev.vestibule;

/** Asks whether something is ready. */
@FunctionalInterface
public interface Probe {

  /**
   * Asks once. Called on a thread of its own, never twice at the same time, with one exception: a
   * question that is overdue and ignores its interrupt is abandoned after a while, where a phase is
   * watched ({@link HealthBuilder#timeout}), and the next one is asked beside it.
   *
   * @return true when it is ready
   * @throws Exception counts as "not yet"; the last one is the cause if the phase runs out of time
   */
  boolean isReady() throws Exception;
}
