package dev.vestibule.testkit;

/** What an adapter can do beyond holding, admitting and refusing, as far as its server allows. */
public enum Capabilities {
  /**
   * A client that goes away while it is held frees its place at once; without this, the place is
   * free when its time is up or its route opens.
   */
  NOTICES_DEPARTED_CLIENT,
  /** Sessions that are open when the process drains are closed with 1012 before it goes. */
  CLOSES_SESSIONS_ON_DRAIN,
  /**
   * The gate stands in front of the application's own authentication; what may be held is decided
   * by the adapter's screening alone.
   */
  BEFORE_AUTHENTICATION,
  /** Can refuse a handshake by a 101 and a close frame with the reason, where that is chosen. */
  REFUSES_BY_CLOSE
}
