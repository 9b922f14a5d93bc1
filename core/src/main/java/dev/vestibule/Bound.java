package dev.vestibule;

/** What limits the time of an arrival. The shortest limit counts, and the log line names it. */
public enum Bound {
  /** {@link GateBuilder#holdAtMost}. */
  GATE,
  /** {@link RouteBuilder#holdAtMost}. */
  ROUTE,
  /** The client itself, by a query parameter or a header. */
  CLIENT,
  /** What is known of the client's library: it gives up by itself. */
  LIBRARY,
  /** A hop in front, such as a load balancer, that cuts what takes longer. */
  HOP
}
