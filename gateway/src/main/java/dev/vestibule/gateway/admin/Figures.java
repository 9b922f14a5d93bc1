package dev.vestibule.gateway.admin;

import dev.vestibule.gateway.Passage;
import dev.vestibule.gateway.Passage.Kind;
import dev.vestibule.gateway.Passage.Outcome;
import dev.vestibule.gateway.admin.PassageCount.OfUpstream;
import dev.vestibule.gateway.upstream.Upstream;
import dev.vestibule.micrometer.SessionMetrics;
import dev.vestibule.micrometer.VestibuleMetrics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * Figures for Prometheus: those that every gate has, and the gateway's own. Micrometer is loaded
 * with this class and nowhere else. What happens often is counted elsewhere and only read here.
 * Safe for use by many threads.
 */
final class Figures {

  private static final String UPSTREAM = "upstream";
  // What an endpoint is told when the connection went without a close frame: RFC 6455, 7.4.1.
  private static final int NO_FRAME = 1006;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<String, SessionMetrics> sessions = new HashMap<>();
  // The registry does not keep it.
  private final LongSupplier linesDropped;

  Figures(Inside inside, PassageCount count, LongSupplier linesDropped) {
    this.linesDropped = linesDropped;
    Gauge.builder("vestibule.gateway.connections", inside, it -> it.connections().getAsInt())
        .description("Connections of clients that are open")
        .strongReference(true)
        .register(registry);
    FunctionCounter.builder(
            "vestibule.gateway.access.dropped", this.linesDropped, LongSupplier::getAsLong)
        .description("Lines of the access log that were dropped because output was too slow")
        .register(registry);
    count.forEach(this::bind);
    for (Upstream upstream : inside.upstreams()) {
      Tags tags = Tags.of(UPSTREAM, upstream.name());
      VestibuleMetrics.bind(registry, upstream::startup, upstream.gate(), tags);
      sessions.put(
          upstream.name(),
          SessionMetrics.bind(registry, () -> inside.sessions().applyAsInt(upstream), tags));
    }
  }

  private void bind(String upstream, OfUpstream of) {
    Tags tags = Tags.of(UPSTREAM, upstream);
    for (Kind kind : Kind.values()) {
      for (Outcome outcome : Outcome.values()) {
        counter(
            "passages",
            "Requests and sessions that are over",
            tags.and("kind", word(kind), "outcome", word(outcome)),
            of,
            it -> it.passages(kind, outcome));
      }
    }
    String bytes = "Bytes after the heads, of requests and sessions that are over";
    counter("bytes", bytes, tags.and("direction", "in"), of, OfUpstream::bytesIn);
    counter("bytes", bytes, tags.and("direction", "out"), of, OfUpstream::bytesOut);
    counter(
        "cut.midframe",
        "Sessions that were cut within a frame because their server was gone",
        tags,
        of,
        OfUpstream::cutMidFrame);
    counter(
        "connect.failures",
        "Connections to the server that could not be made",
        tags,
        of,
        OfUpstream::connectFailures);
    counter(
        "restarts",
        "How often the server died and was started again",
        tags,
        of,
        OfUpstream::restarts);
  }

  private void counter(
      String name, String what, Tags tags, OfUpstream of, ToLongFunction<OfUpstream> value) {
    FunctionCounter.builder("vestibule.gateway." + name, of, value::applyAsLong)
        .description(what)
        .tags(tags)
        .register(registry);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** Only sessions have a close code. */
  void ended(Passage passage) {
    SessionMetrics of = passage.upstream() == null ? null : sessions.get(passage.upstream());
    if (of != null && passage.kind() == Kind.UPGRADE && passage.status() == 101) {
      of.closed(passage.closeCode() == 0 ? NO_FRAME : passage.closeCode());
    }
  }

  String scrape() {
    return registry.scrape();
  }

  PrometheusMeterRegistry registry() {
    return registry;
  }
}
