package dev.vestibule;

/** What can happen to a phase. */
enum PhaseEvent {
  /** Everything that it comes after has passed, and startup runs. */
  BEGIN,
  /** Its task ended well, its probe said yes, or the application said so. */
  READY,
  /** Its last attempt failed, its time is up, or the application said so. */
  FAIL,
  /** A required phase that it comes after ended without becoming ready. */
  DEPENDENCY_FAILED,
  /** Startup is being closed. */
  CLOSE,
  /** What it stands for went away while serving. */
  LOST,
  /** What it stands for came back. */
  REGAINED
}
