package dev.vestibule.jetty;

import dev.vestibule.HandshakeOutcome;
import java.time.Duration;

/**
 * Hears how the WebSocket handshakes of a gate's routes fare, all of them: also those that found
 * their route open and never asked the gate.
 */
@FunctionalInterface
public interface HandshakeListener {

  /**
   * A handshake has been answered, or its client has left. Called once for each, on the thread that
   * wrote the response; must be quick and must not block. What it throws is logged.
   *
   * @param route the pattern of its route
   * @param outcome what became of it
   * @param took from {@link DoorAdoption#knockedAt} until the response was written, or the client
   *     was found to have left
   */
  void answered(String route, HandshakeOutcome outcome, Duration took);
}
