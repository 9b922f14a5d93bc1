package dev.vestibule.gateway.admin;

import dev.vestibule.GateSnapshot.RouteSnapshot;
import dev.vestibule.RouteState;
import dev.vestibule.Startup;
import dev.vestibule.gateway.config.AdminSettings.ReadyWhen;
import dev.vestibule.gateway.upstream.Upstream;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the probes are told of all upstreams. Safe for use by many threads.
 *
 * <p>That the gateway has started is true for good once each upstream has been ready once. What
 * restarts afterwards is a matter of {@code /readyz}, or of nobody's where clients are held
 * meanwhile: a platform whose startup probe failed again would end the gateway, and everybody who
 * waits at it.
 */
final class Availability {

  private final List<Upstream> upstreams;
  private final ReadyWhen when;
  private final Set<String> started = ConcurrentHashMap.newKeySet();
  private volatile boolean draining;

  Availability(Collection<Upstream> upstreams, ReadyWhen when) {
    this.upstreams = List.copyOf(upstreams);
    this.when = when;
    for (Upstream upstream : upstreams) {
      upstream.listen(this::follow);
      follow(upstream, upstream.startup());
    }
  }

  private void follow(Upstream upstream, Startup startup) {
    startup
        .completion()
        .thenAccept(end -> {
          if (end.state().isComplete()) {
            started.add(upstream.name());
          }
        });
  }

  List<Upstream> upstreams() {
    return upstreams;
  }

  /** Whether each upstream has been ready once. */
  boolean isStarted() {
    return started.size() == upstreams.size();
  }

  /** From now on the platform is told to send traffic elsewhere. */
  void drain() {
    draining = true;
  }

  /** Whether traffic is to be sent here. */
  boolean isReady() {
    if (draining) {
      return false;
    }
    for (Upstream upstream : upstreams) {
      for (RouteSnapshot route : upstream.gate().snapshot().routes()) {
        boolean right =
            when == ReadyWhen.OPEN
                ? route.state() == RouteState.OPEN
                : route.state() != RouteState.REFUSE;
        if (!right) {
          return false;
        }
      }
    }
    return true;
  }
}
