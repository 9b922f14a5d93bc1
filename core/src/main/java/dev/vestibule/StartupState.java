package dev.vestibule;

/** Where startup as a whole stands. */
public enum StartupState {
  /** Some phase is still to come. */
  RUNNING,
  /** Every phase became ready. */
  COMPLETE,
  /** Every required phase became ready; an optional one did not. */
  DEGRADED,
  /**
   * A required phase failed. Phases that do not need it go on, and routes that do not need it are
   * served.
   */
  FAILED,
  /** {@link Startup#close()} was called. */
  CLOSED;

  /**
   * Whether startup succeeded, with or without its optional phases.
   *
   * @return true for {@link #COMPLETE} and {@link #DEGRADED}
   */
  public boolean isComplete() {
    return this == COMPLETE || this == DEGRADED;
  }
}
