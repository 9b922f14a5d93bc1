package dev.vestibule;

/** What a route does with an arrival. */
public enum RouteState {
  /** It waits. */
  HOLD,
  /** Open, but those who wait are still being let in at a pace: newcomers queue behind them. */
  PACED,
  /** It is let in. */
  OPEN,
  /** It is refused. */
  REFUSE
}
