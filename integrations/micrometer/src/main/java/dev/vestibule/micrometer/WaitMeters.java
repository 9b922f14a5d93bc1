package dev.vestibule.micrometer;

import dev.vestibule.Gate;
import dev.vestibule.GateListener;
import dev.vestibule.Reason;
import dev.vestibule.Route;
import dev.vestibule.WaitEnded;
import dev.vestibule.WaitEnded.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Measures waits and counts refusals. All meters of a route are made beforehand: what is left to do
 * for an arrival is one look into a map of routes.
 */
final class WaitMeters implements GateListener {

  private final MeterRegistry registry;
  private final Tags tags;
  private final Map<String, OfRoute> routes = new ConcurrentHashMap<>();

  WaitMeters(MeterRegistry registry, Gate gate, Iterable<Tag> tags) {
    this.registry = registry;
    this.tags = Tags.of(tags);
    for (Route route : gate.routes()) {
      routes.put(route.pattern(), new OfRoute(route.pattern()));
    }
  }

  @Override
  public void ended(WaitEnded wait) {
    OfRoute known = routes.get(wait.route());
    // Else it asked on a path that no route takes, of which all are one.
    OfRoute route = known == null ? routes.computeIfAbsent(wait.route(), OfRoute::new) : known;
    route.ended(wait);
  }

  private final class OfRoute {
    private final Map<Outcome, Timer> waits = new EnumMap<>(Outcome.class);
    private final Map<Reason, Counter> refusals = new EnumMap<>(Reason.class);

    OfRoute(String pattern) {
      Tags named = tags.and("route", pattern);
      for (Outcome outcome : Outcome.values()) {
        waits.put(
            outcome,
            Timer.builder("vestibule.wait")
                .description("From the knock to the outcome, of arrivals that asked the gate")
                .tags(named.and("outcome", Names.of(outcome)))
                .serviceLevelObjectives(Buckets.cuts())
                .register(registry));
      }
      for (Reason reason : Reason.values()) {
        refusals.put(
            reason,
            Counter.builder("vestibule.refusals")
                .description("Arrivals that were refused")
                .tags(named.and("reason", Names.of(reason)))
                .register(registry));
      }
    }

    void ended(WaitEnded wait) {
      Timer timer = waits.get(wait.outcome());
      if (timer != null) {
        timer.record(wait.waited());
      }
      Counter counter = refused(wait.reason());
      if (counter != null) {
        counter.increment();
      }
    }

    private @Nullable Counter refused(@Nullable Reason reason) {
      return reason == null ? null : refusals.get(reason);
    }
  }
}
