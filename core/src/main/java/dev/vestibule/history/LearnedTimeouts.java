package dev.vestibule.history;

import dev.vestibule.PhaseSnapshot;
import dev.vestibule.PhaseTimeouts;
import dev.vestibule.environment.EffectiveSettings;
import dev.vestibule.environment.TimeoutBounds;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Time limits by what phases took. A phase that failed or was cut short counts as one that takes
 * longer than that, so a limit that turns out too short goes away.
 */
final class LearnedTimeouts implements PhaseTimeouts {

  /** A limit and where it comes from. */
  private record Limit(Duration duration, String source) {}

  private final History history;
  private final Function<String, @Nullable TimeoutBounds> bounds;
  private final PhaseTimeouts otherwise;

  LearnedTimeouts(
      History history, Function<String, @Nullable TimeoutBounds> bounds, PhaseTimeouts otherwise) {
    this.history = history;
    this.bounds = bounds;
    this.otherwise = otherwise;
  }

  @Override
  public @Nullable Duration of(String phase, List<PhaseSnapshot> graph) {
    Limit learned = learned(phase, graph);
    return learned == null ? otherwise.of(phase, graph) : learned.duration();
  }

  @Override
  public String source(String phase, List<PhaseSnapshot> graph) {
    Limit learned = learned(phase, graph);
    return learned == null ? otherwise.source(phase, graph) : learned.source();
  }

  private @Nullable Limit learned(String phase, List<PhaseSnapshot> graph) {
    TimeoutBounds within = bounds.apply(phase);
    Samples samples = samples(phase, graph);
    Duration p95 = Duration.of(samples.nextAtMost(0.95), ChronoUnit.MICROS);
    // A cap below what the phase usually takes would fail most starts that are well.
    if (within == null || p95.isNegative() || p95.compareTo(within.cap()) > 0) {
      return null;
    }
    String source =
        String.format(
            Locale.ROOT,
            "history: p95 %s x %s within %s and %s, %d starts",
            EffectiveSettings.text(p95),
            within.margin(),
            EffectiveSettings.text(within.floor()),
            EffectiveSettings.text(within.cap()),
            samples.complete());
    return new Limit(within.timeoutFor(p95), source);
  }

  private Samples samples(String phase, List<PhaseSnapshot> graph) {
    List<PastStart> starts = history.starts(Graphs.key(graph));
    Samples samples = new Samples(starts.size());
    for (PastStart start : starts) {
      PhaseTime time = start.phases().get(phase);
      if (time != null && time.micros() > 0) {
        samples.add(time.micros(), time.end() == PhaseTime.End.READY, 1);
      }
    }
    return samples.sort();
  }
}
