package dev.vestibule.micrometer;

import dev.vestibule.Gate;
import dev.vestibule.GateSnapshot.RouteSnapshot;
import dev.vestibule.Route;
import dev.vestibule.RouteState;
import dev.vestibule.Startup;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.function.Supplier;

/**
 * Binds a startup and its gate to a registry: who waits and how long, who is refused and why, and
 * where routes and phases stand. In one line, right after the gate is built:
 *
 * <pre>{@code
 * VestibuleMetrics.bind(registry, startup, gate);
 * }</pre>
 *
 * <p>Tags are route patterns, reasons, outcomes, phases and states: never a path or an address. All
 * of a gate's series exist from the beginning, so that a rate sees the first of each.
 */
public final class VestibuleMetrics {

  private VestibuleMetrics() {}

  /**
   * Binds, without further tags.
   *
   * @param registry told from now on, as long as it lives
   * @param startup whose phases and duration are told
   * @param gate behind that startup
   */
  public static void bind(MeterRegistry registry, Startup startup, Gate gate) {
    bind(registry, startup, gate, Tags.empty());
  }

  /**
   * Binds. A process with several gates tells them apart by tags of its own.
   *
   * @param registry told from now on, as long as it lives
   * @param startup whose phases and duration are told
   * @param gate behind that startup
   * @param tags on every meter
   */
  public static void bind(MeterRegistry registry, Startup startup, Gate gate, Iterable<Tag> tags) {
    bind(registry, () -> startup, gate, tags);
  }

  /**
   * Binds a gate whose startup is replaced when what stands behind it starts again, see {@link
   * Gate#restart}.
   *
   * @param registry told from now on, as long as it lives
   * @param startup gives the one that counts now; asked when the registry is read, so it must be
   *     quick. All have phases of the same names.
   * @param gate behind that startup
   * @param tags on every meter
   */
  public static void bind(
      MeterRegistry registry, Supplier<Startup> startup, Gate gate, Iterable<Tag> tags) {
    StartupMeters.bind(registry, () -> startup.get().snapshot(), tags);
    gate.listen(new WaitMeters(registry, gate, tags));
    for (Route route : gate.routes()) {
      bind(registry, gate, route, Tags.of(tags).and("route", route.pattern()));
    }
    Gauge.builder("vestibule.admissions.in.flight", gate, it -> it.snapshot().inFlight())
        .description("Arrivals that were let in and have not got their session or response yet")
        .tags(tags)
        .strongReference(true)
        .register(registry);
    FunctionCounter.builder("vestibule.admissions.returned", gate, it -> it.snapshot().returned())
        .description("Admissions that failed, and whose waiters were put back")
        .tags(tags)
        .register(registry);
  }

  private static void bind(MeterRegistry registry, Gate gate, Route route, Tags tags) {
    Gauge.builder("vestibule.waiting", gate, it -> waiting(it, route.pattern()))
        .description("Arrivals that wait now")
        .tags(tags)
        .strongReference(true)
        .register(registry);
    for (RouteState state : RouteState.values()) {
      Gauge.builder("vestibule.route.state", route, it -> it.state() == state ? 1 : 0)
          .description("1 for the state that the route is in, 0 for the others")
          .tags(tags.and("state", Names.of(state)))
          .strongReference(true)
          .register(registry);
    }
  }

  private static int waiting(Gate gate, String pattern) {
    return gate.snapshot().routes().stream()
        .filter(route -> route.pattern().equals(pattern))
        .mapToInt(RouteSnapshot::waiting)
        .sum();
  }
}
