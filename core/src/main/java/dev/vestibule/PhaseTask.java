package dev.vestibule;

/** The work of a phase that Vestibule runs. */
@FunctionalInterface
public interface PhaseTask {

  /**
   * Does the work. Called on a thread of its own; the thread is interrupted when the attempt's time
   * is up or startup is closed. With retries it is called again after a failure, so it must
   * tolerate a half-done earlier attempt.
   *
   * @throws Exception when the work failed; the phase is tried again or fails with this as its
   *     cause
   */
  void run() throws Exception;
}
