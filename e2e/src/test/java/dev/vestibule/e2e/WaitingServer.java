package dev.vestibule.e2e;

import dev.vestibule.Gate;
import dev.vestibule.Startup;
import dev.vestibule.jetty.GateHandler;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/**
 * A server that echoes, behind a gate that opens when it is told {@code open}. After each line,
 * when it has done as it was told, it says how many wait and how many threads there are; {@code
 * await N} makes it wait until N wait. At most 12,000 may wait, and Jetty has at most 16 threads.
 */
final class WaitingServer {

  private static final int MAX_WAITING = 12_000;
  private static final int THREADS = 16;

  private WaitingServer() {}

  public static void main(String[] args) throws Exception {
    Startup startup = Startup.define().phase("services", p -> p.signalled()).build();
    Gate gate =
        Gate.before(startup)
            .route("/echo", r -> r.requires("services"))
            .maxWaiting(MAX_WAITING)
            .holdAtMost(java.time.Duration.ofMinutes(2))
            .build();
    Server server = new Server(new QueuedThreadPool(THREADS));
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    connector.setAcceptQueueSize(4096);
    connector.setIdleTimeout(300_000);
    server.addConnector(connector);
    GateHandler gated = GateHandler.before(gate).build();
    gated.setHandler(
        WebSocketUpgradeHandler.from(
            server,
            container ->
                container.addMapping("/echo", (request, response, callback) -> new Echo())));
    server.setHandler(gated);
    server.start();
    startup.start();
    System.out.println("port=" + connector.getLocalPort());
    var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      if (line.equals("open")) {
        startup.signal("services").ready();
      } else if (line.startsWith("await ")) {
        awaitWaiting(gate, Integer.parseInt(line.substring(6)));
      }
      System.out.printf(
          "after=%s waiting=%d threads=%d refused=%s%n",
          line,
          gate.snapshot().waiting(),
          ManagementFactory.getThreadMXBean().getThreadCount(),
          gate.snapshot().refused());
    }
  }

  private static void awaitWaiting(Gate gate, int count) {
    while (gate.snapshot().waiting() < count) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Says back what it hears. */
  public static final class Echo extends Session.Listener.AbstractAutoDemanding {
    @Override
    public void onWebSocketText(String message) {
      getSession().sendText(message, Callback.NOOP);
    }
  }
}
