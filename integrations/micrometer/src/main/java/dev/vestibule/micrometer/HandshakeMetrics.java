package dev.vestibule.micrometer;

import dev.vestibule.Gate;
import dev.vestibule.HandshakeOutcome;
import dev.vestibule.Route;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Measures how long all handshakes take, also those that found their route open and never asked the
 * gate. An adapter tells it; with Jetty:
 *
 * <pre>{@code
 * GateHandler.before(gate).listener(HandshakeMetrics.bind(registry, gate)::answered)
 * }</pre>
 *
 * <p>Safe for use by many threads.
 */
public final class HandshakeMetrics {

  private final MeterRegistry registry;
  private final Tags tags;
  private final Map<String, Map<HandshakeOutcome, Timer>> routes = new ConcurrentHashMap<>();

  private HandshakeMetrics(MeterRegistry registry, Gate gate, Iterable<Tag> tags) {
    this.registry = registry;
    this.tags = Tags.of(tags);
    for (Route route : gate.routes()) {
      routes.put(route.pattern(), timers(route.pattern()));
    }
  }

  /**
   * Makes the meters, without further tags.
   *
   * @param registry told from now on
   * @param gate whose routes there are
   * @return to be told of handshakes
   */
  public static HandshakeMetrics bind(MeterRegistry registry, Gate gate) {
    return bind(registry, gate, Tags.empty());
  }

  /**
   * Makes the meters.
   *
   * @param registry told from now on
   * @param gate whose routes there are
   * @param tags on every meter
   * @return to be told of handshakes
   */
  public static HandshakeMetrics bind(MeterRegistry registry, Gate gate, Iterable<Tag> tags) {
    return new HandshakeMetrics(registry, gate, tags);
  }

  /**
   * A handshake has been answered.
   *
   * @param route the pattern of its route
   * @param outcome the tag {@code outcome}, in lower case
   * @param took from the client's knock until the response was written, or the client was found to
   *     have left
   */
  public void answered(String route, HandshakeOutcome outcome, Duration took) {
    Map<HandshakeOutcome, Timer> known = routes.get(route);
    Map<HandshakeOutcome, Timer> timers =
        known == null ? routes.computeIfAbsent(route, this::timers) : known;
    Timer timer = timers.get(outcome);
    if (timer != null) {
      timer.record(took);
    }
  }

  private Map<HandshakeOutcome, Timer> timers(String route) {
    Map<HandshakeOutcome, Timer> timers = new EnumMap<>(HandshakeOutcome.class);
    for (HandshakeOutcome outcome : HandshakeOutcome.values()) {
      timers.put(
          outcome,
          Timer.builder("vestibule.connect")
              .description("From the knock until the response to a handshake was written")
              .tags(tags.and("route", route, "outcome", Names.of(outcome)))
              .serviceLevelObjectives(Buckets.cuts())
              .register(registry));
    }
    return timers;
  }
}
