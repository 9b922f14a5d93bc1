package dev.vestibule.bench.crowd;

import dev.vestibule.Gate;
import dev.vestibule.Startup;
import dev.vestibule.jetty.GateHandler;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.LogManager;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/**
 * A Jetty server with one WebSocket, behind a gate or bare, for one round. As a process of its own
 * it takes the words {@code gated} or {@code bare} and how many will come, says its port, and obeys
 * {@code connections}, {@code waiting} and {@code open} on its input.
 */
final class CrowdServer implements Crowded {

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

  public static void main(String[] args) throws Exception {
    LogManager.getLogManager().reset();
    int crowd = Integer.parseInt(args[1]);
    try (CrowdServer server = new CrowdServer(args[0].equals("gated"), crowd)) {
      System.out.println("port " + server.port());
      var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = commands.readLine(); line != null; line = commands.readLine()) {
        switch (line) {
          case "connections" -> server.awaitConnections(crowd);
          case "waiting" -> server.awaitWaiting(crowd);
          case "open" -> System.out.println("opened " + server.open());
          default -> throw new IllegalArgumentException(line);
        }
        if (!line.equals("open")) {
          System.out.println(line);
        }
      }
    }
  }

  @Override
  public int port() {
    return connector.getLocalPort();
  }

  @Override
  public void awaitConnections(int count) {
    while (connector.getConnectedEndPoints().size() < count) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Override
  public void awaitWaiting(int count) {
    while (gate.snapshot().waiting() < count) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Override
  public long open() {
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
