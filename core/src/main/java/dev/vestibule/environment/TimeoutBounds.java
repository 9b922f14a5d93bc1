package dev.vestibule.environment;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns how long a phase is expected to take into its time limit. Immutable.
 *
 * @param margin by how much the limit exceeds what is expected; 1.0 or more
 * @param floor the shortest limit, however little is expected; more than zero
 * @param cap the longest limit, however much is expected; at least the floor, at most 365 days
 */
public record TimeoutBounds(double margin, Duration floor, Duration cap) {

  private static final Duration LONGEST = Duration.ofDays(365);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException naming every value that is out of range
   */
  public TimeoutBounds {
    List<String> mistakes = new ArrayList<>();
    if (!(margin >= 1.0 && margin <= 1000)) {
      mistakes.add("margin: %s (expected: 1.0..1000)".formatted(margin));
    }
    expectPositive("floor", floor, mistakes);
    expectPositive("cap", cap, mistakes);
    if (cap.compareTo(floor) < 0) {
      mistakes.add("cap: %s (expected: >= the floor, %s)".formatted(cap, floor));
    }
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException("timeout bounds: " + String.join("; ", mistakes));
    }
  }

  /**
   * The limit: what is expected, times the margin, within floor and cap.
   *
   * @param expected how long the phase takes where it runs: a base that was adapted to the
   *     environment, or what 95 of 100 past startups took at most; zero or more
   * @return in whole milliseconds, rounded up
   * @throws IllegalArgumentException when what is expected is negative
   */
  public Duration timeoutFor(Duration expected) {
    if (expected.isNegative()) {
      throw new IllegalArgumentException("expected: %s (expected: >= PT0S)".formatted(expected));
    }
    if (expected.compareTo(cap) >= 0) {
      return cap;
    }
    Duration wanted = times(expected, margin);
    if (wanted.compareTo(floor) < 0) {
      return floor;
    }
    return wanted.compareTo(cap) > 0 ? cap : wanted;
  }

  private static void expectPositive(String name, Duration value, List<String> mistakes) {
    if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
      mistakes.add("%s: %s (expected: > PT0S, <= %s)".formatted(name, value, LONGEST));
    }
  }

  static Duration times(Duration duration, double factor) {
    // A nanosecond of rounding must not become a millisecond more.
    long micros = Math.round(duration.toNanos() * factor / 1e3);
    return Duration.ofMillis(-Math.floorDiv(-micros, 1_000L));
  }
}
