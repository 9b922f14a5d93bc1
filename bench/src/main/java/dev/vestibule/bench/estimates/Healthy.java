package dev.vestibule.bench.estimates;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Startups with which nothing is wrong, by which learned limits are judged. */
enum Healthy {
  /** Four phases of about a second, side by side, that vary little. */
  NARROW(0.15, null),
  /** The same four, and they vary much. */
  BROAD(0.35, null),
  STEADY(Double.NaN, Series.STEADY),
  BIMODAL(Double.NaN, Series.BIMODAL),
  DRIFTING(Double.NaN, Series.DRIFTING),
  RELEASES(Double.NaN, Series.RELEASES),
  /** Starts whose services would fail by themselves are left out. Without a bar. */
  HEAVY_TAIL(Double.NaN, Series.HEAVY_TAIL);

  private static final List<String> FOUR = List.of("one", "two", "three", "four");

  private final double sigma;
  private final @Nullable Series series;

  Healthy(double sigma, @Nullable Series series) {
    this.sigma = sigma;
    this.series = series;
  }

  /** What each phase comes after, in an order in which each comes after those. */
  Map<String, List<String>> phases() {
    if (series != null) {
      return Series.PHASES;
    }
    Map<String, List<String>> phases = new LinkedHashMap<>();
    FOUR.forEach(phase -> phases.put(phase, List.of()));
    return phases;
  }

  /** Seconds that each phase of a start takes. */
  Map<String, Double> start(int number, RandomGenerator random) {
    if (series == null) {
      Map<String, Double> seconds = new LinkedHashMap<>();
      FOUR.forEach(phase -> seconds.put(phase, Math.exp(sigma * random.nextGaussian())));
      return seconds;
    }
    Map<String, Double> seconds = series.start(number, random);
    while (seconds.getOrDefault("services", Double.NaN) > Series.LIMIT) {
      seconds = series.start(number, random);
    }
    return seconds;
  }

  String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
