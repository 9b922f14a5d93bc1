package dev.vestibule.bench.timing;

import java.util.Arrays;
import java.util.Collection;

/** What a set of samples comes to; all values in milliseconds. */
record Summary(int count, double min, double p1, double p50, double p99, double max, double mean) {

  /** Percentiles are nearest-rank. */
  static Summary of(Collection<Long> nanos) {
    if (nanos.isEmpty()) {
      throw new IllegalArgumentException("samples: none (expected: at least one)");
    }
    double[] sorted = nanos.stream().mapToDouble(n -> n / 1e6).sorted().toArray();
    return new Summary(
        sorted.length,
        sorted[0],
        rank(sorted, 0.01),
        rank(sorted, 0.50),
        rank(sorted, 0.99),
        sorted[sorted.length - 1],
        Arrays.stream(sorted).average().orElseThrow());
  }

  private static double rank(double[] sorted, double quantile) {
    return sorted[(int) Math.max(0, Math.ceil(quantile * sorted.length) - 1)];
  }

  double spread() {
    return max - min;
  }

  double p99MinusP1() {
    return p99 - p1;
  }
}
