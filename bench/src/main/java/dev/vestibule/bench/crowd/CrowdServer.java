package dev.vestibule.bench.crowd;

import dev.vestibule.Gate;
import dev.vestibule.Startup;
import dev.vestibule.jetty.GateHandler;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** A Jetty server with one WebSocket, behind a gate or bare, for one round. */
final class CrowdServer implements AutoCloseable {

  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);
  private final Startup startup = Startup.define().phase("services", p -> p.signalled()).build();
  private final Gate gate;

  CrowdServer(boolean gated, int crowd) throws Exception {
    gate =
        Gate.before(startup)
            .route("/chat", r -> r.requires("services"))
            .maxWaiting(crowd)
            .holdAtMost(Duration.ofMinutes(5))
            .build();
    connector.setHost("127.0.0.1");
    connector.setAcceptQueueSize(4096);
    connector.setIdleTimeout(Duration.ofMinutes(5).toMillis());
    server.addConnector(connector);
    var webSocket =
        WebSocketUpgradeHandler.from(
            server,
            container ->
                container.addMapping("/chat", (request, response, callback) -> new Endpoint()));
    if (gated) {
      GateHandler handler = GateHandler.before(gate).build();
      handler.setHandler(webSocket);
      server.setHandler(handler);
    } else {
      server.setHandler(webSocket);
    }
    server.start();
    startup.start();
  }

  int port() {
    return connector.getLocalPort();
  }

  void awaitConnections(int count) {
    while (connector.getConnectedEndPoints().size() < count) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  void awaitWaiting(int count) {
    while (gate.snapshot().waiting() < count) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Opens the gate. Returns when, on the machine's monotonic clock in nanoseconds. */
  long open() {
    long now = System.nanoTime();
    startup.signal("services").ready();
    return now;
  }

  @Override
  public void close() {
    startup.close();
    LifeCycle.stop(server);
  }

  /** Needs to do nothing: the handshake is what is measured. */
  private static final class Endpoint implements Session.Listener.AutoDemanding {}
}
