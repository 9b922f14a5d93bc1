package dev.vestibule;

import java.time.Duration;

/**
 * How much longer something is going to take, as a distribution. Immutable.
 *
 * @param p10 nine in ten take longer; zero or more
 * @param p50 half of them take longer; at least p10
 * @param p95 one in twenty takes longer; at least p50
 * @param starts on how many past starts this rests; what rests on fewer than five must not turn
 *     anybody away
 */
public record Estimate(Duration p10, Duration p50, Duration p95, int starts) {

  /**
   * Checks the order.
   *
   * @throws IllegalArgumentException when a value is negative or less than the one before it
   */
  public Estimate {
    if (p10.isNegative() || p50.compareTo(p10) < 0 || p95.compareTo(p50) < 0 || starts < 0) {
      throw new IllegalArgumentException(
          "estimate: %s, %s, %s, %d starts (expected: PT0S <= p10 <= p50 <= p95, starts >= 0)"
              .formatted(p10, p50, p95, starts));
    }
  }
}
