package dev.vestibule.gateway.http;

import dev.vestibule.Route;
import dev.vestibule.gateway.config.RouteSettings;
import dev.vestibule.gateway.upstream.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which path goes where. Immutable. */
public final class RouteTable {

  /**
   * Where a path goes.
   *
   * @param settings the route's
   * @param upstream where it leads
   * @param gated the same route at the upstream's gate
   */
  record Target(RouteSettings settings, Upstream upstream, Route gated) {}

  private final List<Target> targets = new ArrayList<>();

  /**
   * The table of these routes.
   *
   * @param routes in the order in which they are tried
   * @param upstreams by name; each has a gate with the routes that lead to it
   */
  public RouteTable(List<RouteSettings> routes, Map<String, Upstream> upstreams) {
    for (RouteSettings route : routes) {
      Upstream upstream = Objects.requireNonNull(upstreams.get(route.upstream()), route.upstream());
      for (Route gated : upstream.gate().routes()) {
        if (gated.pattern().equals(route.pattern())) {
          targets.add(new Target(route, upstream, gated));
        }
      }
    }
  }

  /** Whether it depends on the path where a request goes. */
  boolean pathMatters() {
    return targets.size() > 1 || !targets.getFirst().settings().pattern().equals("/**");
  }

  /** The first route that takes a path, decoded and normalised; null when none does. */
  @Nullable Target at(String path) {
    for (Target target : targets) {
      if (target.gated().takes(path)) {
        return target;
      }
    }
    return null;
  }
}
