package dev.vestibule;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/** Collects what is wrong with a definition, so that all of it can be said at once. */
final class Mistakes {

  private final String subject;
  private final Set<String> found = new LinkedHashSet<>();

  Mistakes(String subject) {
    this.subject = subject;
  }

  void add(String format, Object... arguments) {
    found.add(format.formatted(arguments));
  }

  void expectPositive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      add("%s: %s (expected: > PT0S)", name, value);
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
