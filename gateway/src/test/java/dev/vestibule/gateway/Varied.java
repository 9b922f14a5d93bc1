package dev.vestibule.gateway;

import dev.vestibule.gateway.config.Limits;
import java.time.Duration;

/** Limits that differ from others in one thing. */
public final class Varied {

  private Varied() {}

  public static Limits headerTimeout(Limits of, Duration time) {
    return times(of, time, of.idleTimeout(), of.holdAtMost(), of.heartbeat());
  }

  public static Limits idleTimeout(Limits of, Duration time) {
    return times(of, of.headerTimeout(), time, of.holdAtMost(), of.heartbeat());
  }

  public static Limits holdAtMost(Limits of, Duration time) {
    return times(of, of.headerTimeout(), of.idleTimeout(), time, of.heartbeat());
  }

  public static Limits heartbeat(Limits of, Duration time) {
    return times(of, of.headerTimeout(), of.idleTimeout(), of.holdAtMost(), time);
  }

  public static Limits counts(Limits of, int connections, int waiting, int perClient) {
    return new Limits(
        connections,
        waiting,
        perClient,
        of.maxHeaderBytes(),
        of.headerTimeout(),
        of.idleTimeout(),
        of.holdAtMost(),
        of.heartbeat());
  }

  private static Limits times(
      Limits of, Duration header, Duration idle, Duration hold, Duration heartbeat) {
    return new Limits(
        of.maxConnections(),
        of.maxWaiting(),
        of.maxWaitingPerClient(),
        of.maxHeaderBytes(),
        header,
        idle,
        hold,
        heartbeat);
  }
}
