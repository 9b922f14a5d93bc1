package dev.vestibule.jetty;

import dev.vestibule.Gate;
import dev.vestibule.Scheduler;
import dev.vestibule.testkit.AdapterContract;
import dev.vestibule.testkit.Capabilities;
import jakarta.websocket.OnMessage;
import jakarta.websocket.server.ServerEndpoint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** A Jetty with a gate before it, two plain paths, and an echo behind one of its two APIs. */
final class JettyServer {

  static final Set<Capabilities> CAPABILITIES = EnumSet.allOf(Capabilities.class);

  enum Echo {
    JETTY,
    JAKARTA
  }

  final Server server;
  final ServerConnector connector;
  final GateHandler handler;
  final List<String> entered = new CopyOnWriteArrayList<>();

  JettyServer(GateHandler.Builder gate, Echo echo, boolean oneWorker) {
    QueuedThreadPool threads = new QueuedThreadPool();
    if (oneWorker) {
      // One thread accepts, one selects, and the third is the one worker.
      threads = new QueuedThreadPool(3, 3);
      threads.setReservedThreads(0);
    }
    server = new Server(threads);
    connector = new ServerConnector(server, 1, oneWorker ? 1 : -1);
    connector.setHost("127.0.0.1");
    connector.setAcceptQueueSize(4096);
    server.addConnector(connector);
    handler = gate.build();
    Handler.Wrapper plain = new Plain();
    server.setHandler(handler);
    handler.setHandler(plain);
    plain.setHandler(echo == Echo.JETTY ? jettyEcho() : jakartaEcho());
  }

  static GateHandler.Builder gate(Gate gate) {
    return GateHandler.before(gate).lanes(1).origins(Set.of("https://chat.example"));
  }

  /** The gate that the contract describes. */
  static GateHandler.Builder gate(Gate gate, Scheduler scheduler) {
    return gate(gate).scheduler(scheduler).refuseByClose("/closing", Set.of("chat.v1", "chat.v2"));
  }

  JettyServer start() throws Exception {
    server.start();
    return this;
  }

  void stop() throws Exception {
    server.stop();
  }

  int port() {
    return connector.getLocalPort();
  }

  AdapterContract.Running running(Scheduler scheduler) {
    return new ForContract(this, scheduler);
  }

  private Handler jettyEcho() {
    return WebSocketUpgradeHandler.from(
        server,
        container -> container.addMapping("/echo", (request, response, cb) -> new JettyEcho()));
  }

  private static Handler jakartaEcho() {
    ServletContextHandler context = new ServletContextHandler();
    JakartaWebSocketServletContainerInitializer.configure(
        context, (servletContext, container) -> container.addEndpoint(JakartaEcho.class));
    return context;
  }

  private final class Plain extends Handler.Wrapper {
    @Override
    public boolean handle(
        Request request, Response response, org.eclipse.jetty.util.Callback callback)
        throws Exception {
      String path = request.getHttpURI().getPath();
      if (path.equals("/throws")) {
        throw new IllegalStateException("a mistake of the application");
      }
      if (path.equals("/body")) {
        byte[] sent = Content.Source.asString(request).getBytes(StandardCharsets.UTF_8);
        response.getHeaders().put("Content-Length", sent.length);
        response.write(true, ByteBuffer.wrap(sent), callback);
        return true;
      }
      if (!path.equals("/plain") && !path.equals("/open")) {
        return super.handle(request, response, callback);
      }
      String query = request.getHttpURI().getQuery();
      if (query != null) {
        entered.add(query);
      }
      byte[] body = path.substring(1).getBytes(StandardCharsets.UTF_8);
      response.getHeaders().put("Content-Length", body.length);
      response.write(true, ByteBuffer.wrap(body), callback);
      return true;
    }
  }

  /** Jetty's own API. */
  public static final class JettyEcho extends Session.Listener.AbstractAutoDemanding {
    @Override
    public void onWebSocketText(String message) {
      getSession().sendText(message, Callback.NOOP);
    }
  }

  /** Jakarta's API. */
  @ServerEndpoint("/echo")
  public static final class JakartaEcho {
    @OnMessage
    public String echo(String message) {
      return message;
    }
  }

  private record ForContract(JettyServer jetty, Scheduler scheduler)
      implements AdapterContract.Running {
    @Override
    public int port() {
      return jetty.port();
    }

    @Override
    public List<String> entered() {
      return List.copyOf(jetty.entered);
    }

    @Override
    public void closeSessions(Duration over) {
      CompletableFuture<Void> closed =
          OpenSessions.of(jetty.server, scheduler).close(1012, "restarting", over);
      assert !closed.isDone();
    }

    @Override
    public void stop() throws Exception {
      jetty.stop();
    }
  }
}
