package dev.vestibule;

/** Why an arrival was refused. When several apply, the one that stands first here is told. */
public enum Reason {
  /** The process is going away; another one, or this one after its restart, will answer. */
  DRAINING,
  /** A phase that the route requires failed, and this process will not become ready. */
  STARTUP_FAILED,
  /** Something that the route requires was lost while serving, and did not come back in time. */
  DEPENDENCY_DOWN,
  /** As many as may wait are waiting already, in all or from this client. */
  FULL,
  /**
   * Past starts say that the route will not open within the arrival's time: nine in ten took longer
   * from here.
   */
  TOO_LONG,
  /** The route opened, but its pace did not reach this arrival within its time. */
  BUSY,
  /** The arrival's time was up before its route opened. */
  BUDGET_SPENT
}
