package dev.vestibule.bench.timing;

import dev.vestibule.Gate;
import dev.vestibule.ReadinessStrategy;
import dev.vestibule.Scheduler;
import dev.vestibule.Startup;
import dev.vestibule.jetty.GateHandler;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.jspecify.annotations.Nullable;

/** A Jetty server with one WebSocket, behind a gate or bare, for one round. */
final class TimedServer implements AutoCloseable {

  /** Deadlines are scheduled too; everything shorter than this is a poll. */
  private static final Duration LONGEST_POLL = Duration.ofSeconds(5);

  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);
  private final Startup startup = Startup.define().phase("services", p -> p.signalled()).build();
  private final Queue<Long> pollIntervals = new ConcurrentLinkedQueue<>();
  private volatile long readyAt;

  private TimedServer(@Nullable ReadinessStrategy strategy, Duration readyAfterArrival)
      throws Exception {
    connector.setHost("127.0.0.1");
    connector.setAcceptQueueSize(4096);
    server.addConnector(connector);
    var webSocket =
        WebSocketUpgradeHandler.from(
            server,
            container ->
                container.addMapping("/chat", (request, response, callback) -> new Endpoint()));
    if (strategy == null) {
      server.setHandler(webSocket);
    } else {
      Gate gate =
          Gate.before(startup)
              .route("/chat", r -> r.requires("services"))
              .strategy(strategy)
              .scheduler(this::schedule)
              .build();
      GateHandler gated = GateHandler.before(gate).build();
      gated.setHandler(webSocket);
      server.setHandler(new FirstArrival(gated, readyAfterArrival));
    }
    server.start();
    startup.start();
  }

  /** A server whose gate opens so long after the first client has arrived. */
  static TimedServer gated(ReadinessStrategy strategy, Duration readyAfterArrival)
      throws Exception {
    return new TimedServer(strategy, readyAfterArrival);
  }

  /** The same server with no gate. */
  static TimedServer ungated() throws Exception {
    return new TimedServer(null, Duration.ZERO);
  }

  int port() {
    return connector.getLocalPort();
  }

  /** When readiness was signalled, on the machine's monotonic clock in nanoseconds. */
  long readyAt() {
    return readyAt;
  }

  /** How long each poll really came after the one before it, in nanoseconds. */
  List<Long> pollIntervals() {
    return List.copyOf(pollIntervals);
  }

  private void ready() {
    readyAt = System.nanoTime();
    startup.signal("services").ready();
  }

  private Scheduler.Scheduled schedule(Runnable task, Duration delay) {
    if (delay.compareTo(LONGEST_POLL) > 0) {
      return Scheduler.system().schedule(task, delay);
    }
    long asked = System.nanoTime();
    return Scheduler.system()
        .schedule(
            () -> {
              pollIntervals.add(System.nanoTime() - asked);
              task.run();
            },
            delay);
  }

  @Override
  public void close() {
    startup.close();
    LifeCycle.stop(server);
  }

  /** Lets startup end a given time after the first client has knocked. */
  private final class FirstArrival extends Handler.Wrapper {
    private final AtomicBoolean arrived = new AtomicBoolean();
    private final Duration delay;

    FirstArrival(Handler next, Duration delay) {
      super(next);
      this.delay = delay;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      if (arrived.compareAndSet(false, true)) {
        Scheduler.system().schedule(TimedServer.this::ready, delay);
      }
      return super.handle(request, response, callback);
    }
  }

  /** Needs to do nothing: the handshake is what is measured. */
  private static final class Endpoint implements Session.Listener.AutoDemanding {}
}
