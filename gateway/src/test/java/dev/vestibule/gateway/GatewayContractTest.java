package dev.vestibule.gateway;

import dev.vestibule.Gate;
import dev.vestibule.Startup;
import dev.vestibule.gateway.config.AdminSettings;
import dev.vestibule.gateway.config.GatewaySettings;
import dev.vestibule.gateway.config.Limits;
import dev.vestibule.gateway.config.ReadinessSettings;
import dev.vestibule.gateway.config.RouteSettings;
import dev.vestibule.gateway.config.RouteSettings.Holds;
import dev.vestibule.gateway.config.UpstreamSettings;
import dev.vestibule.gateway.http.HeldBytes;
import dev.vestibule.gateway.upstream.GivenGate;
import dev.vestibule.gateway.upstream.Upstream;
import dev.vestibule.testkit.AdapterContract;
import dev.vestibule.testkit.Capabilities;
import dev.vestibule.testkit.ManualTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** What every adapter promises, of the gateway, with the server behind it on another connection. */
class GatewayContractTest extends AdapterContract {

  private static final String GATED = "gated";
  private static final String FREE = "free";

  @Override
  protected Running start(Gate gate, ManualTime time, boolean oneWorker) throws Exception {
    List<String> entered = new CopyOnWriteArrayList<>();
    Backend backend = Backend.of(connection -> serve(connection, entered), oneWorker);
    UpstreamSettings gated = settings(GATED, backend);
    UpstreamSettings free = settings(FREE, backend);
    Startup startup = Startup.define().phase(FREE, p -> p.signalled()).build();
    Gate open = Gate.before(startup).route("/**", r -> r.requiresAll()).build();
    startup.start();
    startup.signal(FREE).ready();
    Map<String, Upstream> upstreams =
        Map.of(
            GATED, GivenGate.upstream(gated, gate, startup, time, time),
            FREE, GivenGate.upstream(free, open, startup, time, time));
    Gateway gateway =
        new Gateway(
            gateway(List.of(gated, free)), upstreams, List.of(), time, time, 1, HeldBytes.ofHeap());
    gateway.open();
    return new RunningGateway(gateway, backend, time, entered);
  }

  private static UpstreamSettings settings(String name, Backend backend) {
    Duration enough = Duration.ofSeconds(10);
    return new UpstreamSettings(
        name,
        backend.address(),
        new ReadinessSettings.Tcp(),
        null,
        enough,
        enough,
        UpstreamSettings.PACE);
  }

  private static GatewaySettings gateway(List<UpstreamSettings> upstreams) {
    Stream<RouteSettings> gated =
        Stream.of(ECHO, CLOSING, PLAIN)
            .map(path -> new RouteSettings(path, GATED, Holds.ALL, null, Set.of(ORIGIN)));
    RouteSettings free = new RouteSettings("/**", FREE, Holds.ALL, null, Set.of());
    return new GatewaySettings(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        null,
        upstreams,
        Stream.concat(gated, Stream.of(free)).toList(),
        Limits.DEFAULTS,
        0,
        Duration.ZERO,
        Duration.ZERO,
        AdminSettings.NONE);
  }

  @Override
  protected Set<Capabilities> capabilities() {
    return EnumSet.of(
        Capabilities.NOTICES_DEPARTED_CLIENT,
        Capabilities.CLOSES_SESSIONS_ON_DRAIN,
        Capabilities.BEFORE_AUTHENTICATION);
  }

  private static void serve(Backend.Connection connection, List<String> entered)
      throws IOException {
    for (String head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
      String target = head.split(" ", 3)[1];
      int query = target.indexOf('?');
      if (query >= 0) {
        entered.add(target.substring(query + 1));
      }
      if (head.contains("Sec-WebSocket-Key") || head.contains("sec-websocket-key")) {
        connection.accept();
        connection.echo();
        return;
      }
      String body = target.substring(1, query < 0 ? target.length() : query);
      connection.write(
          "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n"
              + body);
      connection.end();
      return;
    }
  }

  private record RunningGateway(
      Gateway gateway, Backend backend, ManualTime time, List<String> entered) implements Running {

    @Override
    public int port() {
      return gateway.address().getPort();
    }

    @Override
    public List<String> entered() {
      return List.copyOf(entered);
    }

    @Override
    public void closeSessions(Duration over) {
      gateway.tunnels().closeAll(1012, "the server is restarting", over);
      var end = time.schedule(() -> {}, over.plusSeconds(1));
      Thread.ofVirtual()
          .start(() -> {
            GatewayScene.sessionsEndWithin(gateway, Duration.ofSeconds(30));
            end.cancel();
          });
    }

    @Override
    public void stop() throws Exception {
      gateway.close();
      backend.close();
    }
  }
}
