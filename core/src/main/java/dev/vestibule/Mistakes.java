package dev.vestibule;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/** Collects what is wrong with a definition, so that all of it can be said at once. */
final class Mistakes {

  /** Far beyond use, and far below where nanoseconds overflow. */
  static final Duration LONGEST = Duration.ofDays(365);

  private final String subject;
  private final Set<String> found = new LinkedHashSet<>();

  Mistakes(String subject) {
    this.subject = subject;
  }

  void add(String format, Object... arguments) {
    found.add(format.formatted(arguments));
  }

  void expectPositive(String name, Duration value) {
    if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
      add("%s: %s (expected: > PT0S, <= %s)", name, value, LONGEST);
    }
  }

  void expectNotNegative(String name, Duration value) {
    if (value.isNegative() || value.compareTo(LONGEST) > 0) {
      add("%s: %s (expected: >= PT0S, <= %s)", name, value, LONGEST);
    }
  }

  void expectAtLeast(String name, long value, long least) {
    if (value < least) {
      add("%s: %s (expected: >= %s)", name, value, least);
    }
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  void throwIfAny() {
    if (!found.isEmpty()) {
      throw new IllegalArgumentException(subject + ": " + String.join("; ", found));
    }
  }
}
