package dev.vestibule.jetty;

import static java.lang.System.Logger.Level.ERROR;

import dev.vestibule.HandshakeOutcome;
import dev.vestibule.Route;
import dev.vestibule.Ticker;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Tells listeners how long handshakes took, whichever way they went. */
final class HandshakeTimes {

  private static final System.Logger LOG = System.getLogger(GateHandler.class.getName());

  private final List<HandshakeListener> listeners;

  HandshakeTimes(List<HandshakeListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  /** Costs nothing where nobody listens, and nothing for what is not a handshake. */
  Callback watch(Route route, Request request, Response response, Callback callback) {
    if (listeners.isEmpty() || !Handshakes.isHandshake(request)) {
      return callback;
    }
    // Now, since the knock is forgotten with the connection of a client that leaves.
    long knockedAt = DoorAdoption.knockedAt(request);
    return ResponseWatch.watch(
        request, response, callback, outcome -> answered(route, outcome, knockedAt));
  }

  private void answered(Route route, HandshakeOutcome outcome, long knockedAt) {
    long nanos = Ticker.system().read() - knockedAt;
    for (HandshakeListener listener : listeners) {
      try {
        listener.answered(route.pattern(), outcome, Duration.ofNanos(nanos));
      } catch (Throwable e) {
        LOG.log(ERROR, "a handshake listener threw; the others still hear", e);
      }
    }
  }
}
