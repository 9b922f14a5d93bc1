package dev.vestibule.history;

/** What is said of p95 where the samples do not reach that far. */
final class Tail {

  private Tail() {}

  static long p95(Samples samples) {
    long known = samples.nextAtMost(0.95);
    return known >= 0 ? known : samples.greatest();
  }
}
