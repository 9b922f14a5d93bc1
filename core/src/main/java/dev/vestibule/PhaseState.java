package dev.vestibule;

/**
 * Where a phase stands. The table of {@code docs/design.md} is {@link #after(PhaseEvent)}; every
 * cell of it is a test.
 */
public enum PhaseState {
  /** Waits for the phases that it comes after, or for {@link Startup#start()}. */
  PENDING,
  /** Its task runs, its probe is asked, or its signal is awaited. */
  RUNNING,
  /** Done, and well. */
  READY,
  /** Was ready and has been lost while serving; may be regained. */
  DOWN,
  /** Ended badly, for good: its attempts are used up or its time is. */
  FAILED,
  /** Never ran, because something that it needs failed. */
  SKIPPED,
  /** Startup was closed before the phase was done. */
  CANCELLED;

  /**
   * Whether startup has nothing more to expect from a phase in this state.
   *
   * @return true for every state but {@link #PENDING} and {@link #RUNNING}
   */
  public boolean isSettled() {
    return this != PENDING && this != RUNNING;
  }

  /** Whether the phase ended without having become ready. */
  boolean isLostCause() {
    return this == FAILED || this == SKIPPED || this == CANCELLED;
  }

  /**
   * What becomes of a phase in this state when the event happens; the same state when nothing does.
   */
  PhaseState after(PhaseEvent event) {
    return switch (this) {
      case PENDING ->
          switch (event) {
            case BEGIN -> RUNNING;
            case DEPENDENCY_FAILED -> SKIPPED;
            case CLOSE -> CANCELLED;
            // A signal that comes early is kept beside the state, until the phase begins.
            case READY, FAIL, LOST, REGAINED -> PENDING;
          };
      case RUNNING ->
          switch (event) {
            case READY -> READY;
            case FAIL -> FAILED;
            case CLOSE -> CANCELLED;
            case BEGIN, DEPENDENCY_FAILED, LOST, REGAINED -> RUNNING;
          };
      case READY -> event == PhaseEvent.LOST ? DOWN : READY;
      case DOWN -> event == PhaseEvent.REGAINED || event == PhaseEvent.READY ? READY : DOWN;
      case FAILED, SKIPPED, CANCELLED -> this;
    };
  }
}
