package dev.vestibule.history;

import dev.vestibule.PhaseSnapshot;
import dev.vestibule.PhaseTimeouts;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/**
 * Time limits by {@link TimeoutRule}. A phase that failed or was cut short counts as one that takes
 * longer than that, so a limit that turns out too short raises itself. Immutable.
 */
final class LearnedTimeouts implements PhaseTimeouts {

  /** A limit and its reason. */
  private record Limit(Duration duration, String source) {}

  private final History history;
  private final TimeoutRule rule;

  LearnedTimeouts(History history, TimeoutRule rule) {
    this.history = history;
    this.rule = rule;
  }

  @Override
  public Duration of(String phase, List<PhaseSnapshot> graph) {
    return limit(phase, graph).duration();
  }

  @Override
  public String source(String phase, List<PhaseSnapshot> graph) {
    return limit(phase, graph).source();
  }

  private Limit limit(String phase, List<PhaseSnapshot> graph) {
    List<PastStart> starts = history.starts(Graphs.key(graph));
    Samples samples = new Samples(starts.size());
    for (PastStart start : starts) {
      PhaseTime time = start.phases().get(phase);
      if (time != null && time.micros() > 0) {
        samples.add(time.micros(), time.end() == PhaseTime.End.READY, 1);
      }
    }
    long p95 = samples.sort().nextAtMost(0.95);
    if (p95 < 0) {
      return new Limit(
          rule.cap(), "cap; %d starts are too few for a p95".formatted(samples.complete()));
    }
    Duration learned = Duration.of(Math.round(p95 * rule.margin()), ChronoUnit.MICROS);
    String source =
        String.format(
            Locale.ROOT,
            "history: p95 %.3f s x %s, %d starts",
            p95 / 1e6,
            rule.margin(),
            samples.complete());
    if (learned.compareTo(rule.floor()) < 0) {
      return new Limit(rule.floor(), "floor; " + source);
    }
    if (learned.compareTo(rule.cap()) > 0) {
      return new Limit(rule.cap(), "cap; " + source);
    }
    return new Limit(learned, source);
  }
}
