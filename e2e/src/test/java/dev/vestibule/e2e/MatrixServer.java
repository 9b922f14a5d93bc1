package dev.vestibule.e2e;

import dev.vestibule.Estimate;
import dev.vestibule.Gate;
import dev.vestibule.Scheduler;
import dev.vestibule.Startup;
import dev.vestibule.jetty.GateHandler;
import dev.vestibule.jetty.OpenSessions;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/**
 * One server for each situation that a client may find, all in one process, each with a gate of its
 * own. Says where they are, and for each handshake who knocked, how long after its last answer, and
 * what it was told. Does as it is told, see {@link #obey}.
 */
final class MatrixServer {

  private static final String SUBPROTOCOL = "chat.v1";
  private static final Duration HELD = Duration.ofSeconds(1);
  private static final Set<String> BRIEF = Set.of("budget", "down", "too-long");
  private static final Estimate THREE_SECONDS =
      new Estimate(Duration.ofSeconds(3), Duration.ofSeconds(3), Duration.ofSeconds(3), 12);

  /** Where a page can be loaded whose Origin is allowed. */
  private final String origin;

  private final Startup startup = Startup.define().phase("services", p -> p.signalled()).build();
  private final Gate gate;
  private final Server server = new Server();
  private final OpenSessions sessions = OpenSessions.of(server);
  private final Map<String, Long> answeredAt = new ConcurrentHashMap<>();
  private final Map<String, Integer> knocks = new ConcurrentHashMap<>();
  private final String name;

  private MatrixServer(String name, String pageAt) throws Exception {
    this.name = name;
    this.gate =
        Gate.before(startup)
            .route("/echo", r -> r.requires("services"))
            .maxWaiting(name.equals("full") ? 0 : 1000)
            .holdAtMost(BRIEF.contains(name) ? Duration.ofMillis(200) : Duration.ofMinutes(2))
            .estimator((now, phases) -> name.equals("too-long") ? THREE_SECONDS : null)
            .random(new Least())
            .build();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(new Doorkeeper());
    connector.open();
    origin = pageAt.isEmpty() ? "http://127.0.0.1:" + connector.getLocalPort() : pageAt;
    GateHandler.Builder gated = GateHandler.before(gate).origins(Set.of(origin));
    if (name.endsWith("-close")) {
      gated.refuseByClose("/echo", Set.of(SUBPROTOCOL));
    }
    GateHandler handler = gated.build();
    ((Handler.Wrapper) server.getHandler()).setHandler(handler);
    handler.setHandler(
        WebSocketUpgradeHandler.from(
            server,
            container ->
                container.addMapping(
                    "/echo",
                    (request, response, callback) -> {
                      if (request.hasSubProtocol(SUBPROTOCOL)) {
                        response.setAcceptedSubProtocol(SUBPROTOCOL);
                      }
                      return new WaitingServer.Echo();
                    })));
    server.start();
    startup.start();
    switch (name) {
      case "failed-503", "failed-close" ->
          startup.signal("services").failed(new IllegalStateException("no services"));
      case "draining-503", "draining-close" -> gate.drain();
      case "warm", "drained", "killed" -> startup.signal("services").ready();
      case "down" -> {
        startup.signal("services").ready();
        startup.signal("services").lost(new IllegalStateException("services are away"));
      }
      default -> {
        // Stays as it is: not ready.
      }
    }
    System.out.println("house|" + name + "|" + connector.getLocalPort());
  }

  public static void main(String[] args) throws Exception {
    Map<String, MatrixServer> houses = new LinkedHashMap<>();
    String origin = "";
    for (String name : args) {
      MatrixServer house = new MatrixServer(name, origin);
      origin = house.origin;
      houses.put(name, house);
    }
    System.out.println("ready");
    var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      obey(houses, line.split(" ", -1), line);
    }
  }

  /**
   * {@code knocked HOUSE N}: once N clients have. {@code open HOUSE N}: once N wait, and a second
   * later. {@code drain HOUSE N}: once N sessions are open. {@code answered N}: once N clients have
   * been answered in every house. {@code observe SECONDS}: once they have passed. What was done is
   * said back.
   */
  private static void obey(Map<String, MatrixServer> houses, String[] words, String line)
      throws Exception {
    int count = Integer.parseInt(words[words.length - 1]);
    // Those commands that name none name a number there, and use any.
    MatrixServer house = houses.getOrDefault(words[1], houses.values().iterator().next());
    Runnable done = () -> System.out.println("done|" + line);
    switch (words[0]) {
      case "knocked" -> {
        while (house.knocks.size() < count) {
          LockSupport.parkNanos(1_000_000);
        }
        done.run();
      }
      case "open" -> {
        while (house.gate.snapshot().waiting() < count) {
          LockSupport.parkNanos(1_000_000);
        }
        Scheduler.system()
            .schedule(
                () -> {
                  house.startup.signal("services").ready();
                  done.run();
                },
                HELD);
      }
      case "drain" -> {
        while (house.sessions.count() < count) {
          LockSupport.parkNanos(1_000_000);
        }
        house.gate.drain();
        house.sessions.close(1012, "restart", Duration.ZERO).join();
        house.answeredAt.replaceAll((client, at) -> System.nanoTime());
        done.run();
      }
      case "answered" -> {
        for (MatrixServer each : houses.values()) {
          while (!each.name.equals("warm") && each.answeredAt.size() < count) {
            LockSupport.parkNanos(1_000_000);
          }
        }
        done.run();
      }
      case "observe" -> Scheduler.system().schedule(done, Duration.ofSeconds(count));
      default -> throw new IllegalArgumentException(line);
    }
  }

  /** Notes who comes and what it is told. */
  private final class Doorkeeper extends Handler.Wrapper {
    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      Fields.Field client = Request.extractQueryParameters(request).get("client");
      if (client == null) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/html");
        response.write(
            true,
            ByteBuffer.wrap("<title>a page</title>".getBytes(StandardCharsets.UTF_8)),
            callback);
        return true;
      }
      String slug = client.getValue();
      int knock = knocks.merge(slug, 1, Integer::sum);
      Long before = answeredAt.get(slug);
      long millis = before == null ? 0 : (System.nanoTime() - before) / 1_000_000;
      System.out.printf("knock|%s|%s|%d|%d%n", name, slug, knock, millis);
      Request.addCompletionListener(
          request,
          failure -> {
            String after = response.getHeaders().get(HttpHeader.RETRY_AFTER);
            System.out.printf(
                "answer|%s|%s|%d|%s%n",
                name, slug, response.getStatus(), after == null ? "" : after);
            answeredAt.put(slug, System.nanoTime());
          });
      return super.handle(request, response, callback);
    }
  }

  /** Not random, so that the least of what may be told is told: a run need not take long. */
  private static final class Least implements RandomGenerator {
    @Override
    public long nextLong() {
      return 0;
    }
  }
}
