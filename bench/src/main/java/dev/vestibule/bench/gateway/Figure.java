package dev.vestibule.bench.gateway;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Something that was measured: samples of each program, in the order of the rounds. */
final class Figure {

  /** What stands in the place of a program where there is none. */
  static final String BARE = "no proxy";

  /**
   * What design.md asks for.
   *
   * @param ofRatio whether it bounds the ratio to the best of the peers, or the value itself
   * @param limit the worst that meets it
   */
  record Bar(boolean ofRatio, double limit) {
    static Bar ratio(double limit) {
      return new Bar(true, limit);
    }

    static Bar value(double limit) {
      return new Bar(false, limit);
    }
  }

  private final String id;
  private final String title;
  private final double quantile;
  private final boolean byRound;
  private final boolean moreIsBetter;
  private final @Nullable Bar bar;
  private final Map<String, List<Double>> samples = new LinkedHashMap<>();

  private Figure(
      String id,
      String title,
      double quantile,
      boolean byRound,
      boolean moreIsBetter,
      @Nullable Bar bar) {
    this.id = id;
    this.title = title;
    this.quantile = quantile;
    this.byRound = byRound;
    this.moreIsBetter = moreIsBetter;
    this.bar = bar;
  }

  /** One sample a round, of which less is better; its value is their median. */
  static Figure less(String id, String title, @Nullable Bar bar) {
    return new Figure(id, title, 0.5, true, false, bar);
  }

  /** One sample a round, of which more is better; its value is their median. */
  static Figure more(String id, String title, @Nullable Bar bar) {
    return new Figure(id, title, 0.5, true, true, bar);
  }

  /** One sample a client; its value is a percentile of all, nearest rank. */
  static Figure percentile(String id, String title, double quantile, @Nullable Bar bar) {
    return new Figure(id, title, quantile, false, false, bar);
  }

  void add(String program, double sample) {
    samples.computeIfAbsent(program, name -> new ArrayList<>()).add(sample);
  }

  String id() {
    return id;
  }

  String title() {
    return title;
  }

  @Nullable Bar bar() {
    return bar;
  }

  Map<String, List<Double>> samples() {
    return samples;
  }

  /** Whether there is more than one to compare. */
  boolean isComparison() {
    return samples.size() > 1;
  }

  OptionalDouble value(String program) {
    List<Double> of = samples.getOrDefault(program, List.of());
    return of.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(rank(of, quantile));
  }

  /**
   * Ours over the best of the peers. Where there is a sample a round, this is the median of the
   * rounds' ratios, so that what slowed a whole round does not count.
   */
  OptionalDouble ratio() {
    List<Double> ours = samples.getOrDefault(OurGateway.NAME, List.of());
    List<Double> ratios = new ArrayList<>();
    if (byRound && sameRounds(ours.size())) {
      for (int round = 0; round < ours.size(); round++) {
        int at = round;
        best(peers().stream().map(name -> list(name).get(at)).toList())
            .ifPresent(best -> ratios.add(ours.get(at) / best));
      }
    } else if (!ours.isEmpty()) {
      best(peers().stream().map(name -> value(name).orElseThrow()).toList())
          .ifPresent(best -> ratios.add(rank(ours, quantile) / best));
    }
    return ratios.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(rank(ratios, 0.5));
  }

  /** Whether the bar is met; null when there is none, or nothing to hold it against. */
  @Nullable Boolean met() {
    if (bar == null) {
      return null;
    }
    OptionalDouble is = bar.ofRatio() ? ratio() : value(OurGateway.NAME);
    if (is.isEmpty()) {
      return null;
    }
    return moreIsBetter ? is.getAsDouble() >= bar.limit() : is.getAsDouble() <= bar.limit();
  }

  private List<Double> list(String program) {
    return samples.getOrDefault(program, List.of());
  }

  private boolean sameRounds(int rounds) {
    return peers().stream().allMatch(name -> list(name).size() == rounds);
  }

  private List<String> peers() {
    return samples.keySet().stream()
        .filter(name -> !name.equals(BARE) && !name.equals(OurGateway.NAME))
        .filter(name -> !list(name).isEmpty())
        .toList();
  }

  private OptionalDouble best(List<Double> values) {
    var stream = values.stream().mapToDouble(Double::doubleValue);
    return moreIsBetter ? stream.max() : stream.min();
  }

  private static double rank(List<Double> values, double quantile) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted[(int) Math.max(0, Math.ceil(quantile * sorted.length) - 1)];
  }
}
