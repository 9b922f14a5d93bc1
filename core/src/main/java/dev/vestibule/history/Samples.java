package dev.vestibule.history;

import java.util.Arrays;

/**
 * Times, some of which are only lower bounds (right-censored). Used by one thread.
 *
 * <p>Their distribution is that of Kaplan and Meier (Nonparametric estimation from incomplete
 * observations, JASA 53, 1958): what a lower bound weighs goes to the times beyond it, in equal
 * parts (Efron, The two sample problem with censored data, 1967). So phases that were given up do
 * not make startups look shorter than they are.
 *
 * <p>A bound on the next time, not on the past ones, needs a rank a little further out: the next of
 * n + 1 exchangeable times is at most the k-th of n with probability k / (n + 1) at least (Vovk,
 * Gammerman, Shafer, Algorithmic Learning in a Random World, 2005; Lei et al., Distribution-free
 * predictive inference for regression, JASA 113, 2018).
 */
final class Samples {

  /** More than a rounding error, less than one of the last thousand starts. */
  private static final double TOLERANCE = 1e-9;

  // Twice the time, and 1 more for a lower bound: sorts by time, and bounds behind times.
  private final long[] sorted;
  private int count;
  private int complete;

  Samples(int most) {
    sorted = new long[most];
  }

  void add(long time, boolean isComplete) {
    sorted[count++] = isComplete ? time << 1 : time << 1 | 1;
    complete += isComplete ? 1 : 0;
  }

  /** How many are more than lower bounds. */
  int complete() {
    return complete;
  }

  Samples sort() {
    Arrays.sort(sorted, 0, count);
    return this;
  }

  /** The greatest, be it a lower bound. Only when there are some, and sorted. */
  long greatest() {
    return sorted[count - 1] >> 1;
  }

  /**
   * The time that a share of all does not exceed, or -1 when so many are lower bounds that it is
   * not known. Only when sorted.
   */
  long quantile(double share) {
    double beyond = 1;
    for (int i = 0; i < count; i++) {
      if ((sorted[i] & 1) == 0) {
        // As many as are left share what is left; the one at hand takes its part.
        beyond -= beyond / (count - i);
        if (1 - beyond >= share - TOLERANCE) {
          return sorted[i] >> 1;
        }
      }
    }
    return -1;
  }

  /** What the next time exceeds with this probability at least, or the least for want of more. */
  long nextAtLeast(double probability) {
    double rank = Math.floor((complete + 1) * (1 - probability) + TOLERANCE);
    return quantile(Math.max(1, rank) / complete);
  }

  /** What the next time does not exceed with this probability at least, or -1: not known. */
  long nextAtMost(double probability) {
    double rank = Math.ceil((complete + 1) * probability - TOLERANCE);
    return rank > complete ? -1 : quantile(rank / complete);
  }
}
