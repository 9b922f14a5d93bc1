package dev.vestibule.gateway.config;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that the gateway is told; already checked.
 *
 * @param listen where clients connect
 * @param tls null: plain
 * @param upstreams one or more, with different names
 * @param routes tried in order; a path that none takes is answered with 404
 * @param limits what bounds clients
 * @param trustedHops how many proxies in front are ours: so many of the last addresses of {@code
 *     Forwarded} or {@code X-Forwarded-For} are believed; 0 (the default): none, and what clients
 *     send of these is dropped
 * @param drainDelay how long newcomers are still let in after SIGTERM
 * @param grace over how long open sessions are closed after that
 * @param admin where it shows itself
 */
public record GatewaySettings(
    InetSocketAddress listen,
    @Nullable TlsSettings tls,
    List<UpstreamSettings> upstreams,
    List<RouteSettings> routes,
    Limits limits,
    int trustedHops,
    Duration drainDelay,
    Duration grace,
    AdminSettings admin) {

  /** Copies the lists, so that the record is immutable. */
  public GatewaySettings {
    upstreams = List.copyOf(upstreams);
    routes = List.copyOf(routes);
  }
}
