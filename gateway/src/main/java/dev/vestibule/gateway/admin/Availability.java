package dev.vestibule.gateway.admin;

import dev.vestibule.GateSnapshot.RouteSnapshot;
import dev.vestibule.RouteState;
import dev.vestibule.Startup;
import dev.vestibule.gateway.config.AdminSettings.ReadyWhen;
import dev.vestibule.gateway.upstream.Upstream;
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

  private final Inside inside;
  private final ReadyWhen when;
  private final Set<String> started = ConcurrentHashMap.newKeySet();

  Availability(Inside inside, ReadyWhen when) {
    this.inside = inside;
    this.when = when;
    for (Upstream upstream : inside.upstreams()) {
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
    return inside.upstreams();
  }

  /** Whether each upstream has been ready once. */
  boolean isStarted() {
    return started.size() == inside.upstreams().size();
  }

  /** Whether traffic is to be sent here; no from SIGTERM on, while newcomers are still let in. */
  boolean isReady() {
    if (inside.draining().getAsBoolean()) {
      return false;
    }
    for (Upstream upstream : inside.upstreams()) {
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
