package dev.vestibule.jetty;

import static java.lang.System.Logger.Level.ERROR;

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
    return listeners.isEmpty() || !Handshakes.isHandshake(request)
        ? callback
        : ResponseWatch.watch(
            request, response, callback, status -> answered(route, request, status));
  }

  private void answered(Route route, Request request, int status) {
    long nanos = Ticker.system().read() - DoorAdoption.knockedAt(request);
    for (HandshakeListener listener : listeners) {
      try {
        listener.answered(route.pattern(), status, Duration.ofNanos(nanos));
      } catch (Throwable e) {
        LOG.log(ERROR, "a handshake listener threw; the others still hear", e);
      }
    }
  }
}
