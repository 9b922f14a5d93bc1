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
 * Time limits by what phases took: p95 x margin, yet never so short that a start that is well is
 * likely to be failed by it; see {@link History#timeouts}.
 *
 * <p>A phase that failed or was cut short counts as one that takes longer than that (censored), so
 * a limit that turns out too short goes away.
 */
final class LearnedTimeouts implements PhaseTimeouts {

  /**
   * How many times the longest known time a limit is at least. With one of 19 normal logarithms of
   * sigma 0.35 as the longest, twice that is some 3.8 sigma; 1.5 times would be 3. Chosen by
   * simulation (docs/estimates.md).
   */
  private static final double LEAST_OF_LONGEST = 2;

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
    Samples samples = within == null ? null : samples(phase, graph);
    if (within == null || samples == null || samples.count() == 0) {
      return null;
    }
    long p95 = samples.nextAtMost(0.95);
    boolean longestIsKnown = samples.isComplete(samples.count() - 1);
    if (p95 < 0 || !longestIsKnown) {
      return null;
    }
    double margin = within.margin();
    double wanted = Math.max(margin * p95, leastOfLongest(within) * samples.greatest());
    if (wanted > within.cap().toNanos() / 1e3) {
      return null;
    }
    Duration limit = within.timeoutFor(micros(Math.round(wanted / margin)));
    return new Limit(limit, source(samples, p95, within));
  }

  private static double leastOfLongest(TimeoutBounds within) {
    return Math.max(LEAST_OF_LONGEST, within.margin());
  }

  private static String source(Samples samples, long p95, TimeoutBounds within) {
    return String.format(
        Locale.ROOT,
        "history: p95 %s x %s, at least longest %s x %s, within %s and %s, %d starts",
        EffectiveSettings.text(micros(p95)),
        within.margin(),
        EffectiveSettings.text(micros(samples.greatest())),
        leastOfLongest(within),
        EffectiveSettings.text(within.floor()),
        EffectiveSettings.text(within.cap()),
        samples.complete());
  }

  /** What the phase took; null when one attempt of it may take less than that. */
  private @Nullable Samples samples(String phase, List<PhaseSnapshot> graph) {
    List<PastStart> starts = history.starts(Graphs.key(graph));
    Samples samples = new Samples(starts.size());
    for (PastStart start : starts) {
      PhaseTime time = start.phases().get(phase);
      if (time != null && time.end() == PhaseTime.End.RETRIED) {
        return null;
      }
      if (time != null && time.micros() > 0) {
        samples.add(time.micros(), time.end() == PhaseTime.End.READY, 1);
      }
    }
    return samples.sort();
  }

  private static Duration micros(long micros) {
    return Duration.of(micros, ChronoUnit.MICROS);
  }
}
