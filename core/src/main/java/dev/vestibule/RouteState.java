package dev.vestibule;

/** What a route does with an arrival. */
public enum RouteState {
  /** It waits. */
  HOLD,
  /** It is let in. */
  OPEN,
  /** It is refused. */
  REFUSE
}
