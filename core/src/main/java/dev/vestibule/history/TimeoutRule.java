package dev.vestibule.history;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How a phase's time limit follows from what it took before: p95 of that x margin, but never less
 * than the floor nor more than the cap; the cap where too little is known. Immutable.
 *
 * @param margin at least 1; a greater one fails fewer starts, and notices a hanging phase later
 * @param floor zero or more; a phase is given at least this long
 * @param cap more than zero, at least the floor, at most 365 days
 */
public record TimeoutRule(double margin, Duration floor, Duration cap) {

  private static final Duration LONGEST = Duration.ofDays(365);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException naming every mistake
   */
  public TimeoutRule {
    List<String> mistakes = new ArrayList<>();
    if (!(margin >= 1 && margin <= 1000)) {
      mistakes.add("margin: " + margin + " (expected: 1 to 1000)");
    }
    if (floor.isNegative()) {
      mistakes.add("floor: " + floor + " (expected: >= PT0S)");
    }
    if (cap.isNegative() || cap.isZero() || cap.compareTo(LONGEST) > 0) {
      mistakes.add("cap: %s (expected: > PT0S, <= %s)".formatted(cap, LONGEST));
    }
    if (cap.compareTo(floor) < 0) {
      mistakes.add("cap: %s (expected: >= floor, %s)".formatted(cap, floor));
    }
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException("timeout rule: " + String.join("; ", mistakes));
    }
  }
}
