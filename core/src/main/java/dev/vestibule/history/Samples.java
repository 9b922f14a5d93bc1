package dev.vestibule.history;

import java.util.Arrays;

/**
 * Times, some of which are only lower bounds (right-censored), and some of which count for less
 * than others. Used by one thread.
 *
 * <p>Their distribution is that of Kaplan and Meier (Nonparametric estimation from incomplete
 * observations, JASA 53, 1958): what a lower bound weighs goes to the times beyond it, in
 * proportion (Efron, The two sample problem with censored data, 1967). So phases that were given up
 * do not make startups look shorter than they are.
 *
 * <p>A bound on the next time, not on the past ones, lies a little further out: the next of n + 1
 * exchangeable times is at most the k-th of n with probability k / (n + 1) at least (Vovk,
 * Gammerman, Shafer, Algorithmic Learning in a Random World, 2005; Lei et al., Distribution-free
 * predictive inference for regression, JASA 113, 2018). Where the newest tell most, older ones
 * weigh less, and the next weighs 1 (Barber et al., Conformal prediction beyond exchangeability,
 * Annals of Statistics 51, 2023).
 */
final class Samples {

  /** More than a rounding error, less than the weight of any sample. */
  private static final double TOLERANCE = 1e-9;

  // 71 years in microseconds: beside the rest, no more fits.
  private static final long MOST_TIME = 1L << 51;

  private static final int INDEX_BITS = 10;
  private static final int TIME_AT = INDEX_BITS + 1;
  private static final int BOUND = 1 << INDEX_BITS;

  // The time, whether it is a lower bound, and where its weight is: sorts by time, and lower bounds
  // behind times.
  private final long[] sorted;
  private final double[] weights;
  private int count;
  private int complete;
  private double sum;
  private double sumOfComplete;

  Samples(int most) {
    sorted = new long[most];
    weights = new double[most];
  }

  void add(long time, boolean isComplete, double weight) {
    long bound = isComplete ? 0 : BOUND;
    sorted[count] = (Math.min(time, MOST_TIME) << TIME_AT) | bound | count;
    weights[count++] = weight;
    sum += weight;
    if (isComplete) {
      complete++;
      sumOfComplete += weight;
    }
  }

  Samples sort() {
    Arrays.sort(sorted, 0, count);
    return this;
  }

  /** How many there are. */
  int count() {
    return count;
  }

  /** How many are more than lower bounds. */
  int complete() {
    return complete;
  }

  boolean isComplete(int rank) {
    return (sorted[rank] & BOUND) == 0;
  }

  /** The time at a rank, from 0 for the least. Only when sorted. */
  long time(int rank) {
    return sorted[rank] >> TIME_AT;
  }

  /** The longest, be it a lower bound; zero when there is none. Only when sorted. */
  long greatest() {
    return count == 0 ? 0 : time(count - 1);
  }

  /** What half of them do not exceed, or the longest when that is not known. */
  long middle() {
    long known = quantile(0.5);
    return known < 0 ? greatest() : known;
  }

  private double weight(int rank) {
    return weights[(int) (sorted[rank] & (BOUND - 1))];
  }

  /**
   * The time that a share of all does not exceed, or -1 when so many are lower bounds that it is
   * not known. Only when sorted.
   */
  long quantile(double share) {
    double beyond = 1;
    double left = sum;
    for (int i = 0; i < count; i++) {
      double weight = weight(i);
      if (isComplete(i)) {
        beyond *= Math.max(0, 1 - weight / left);
        if (1 - beyond >= share - TOLERANCE) {
          return time(i);
        }
      }
      left -= weight;
    }
    return -1;
  }

  /** What the next time exceeds with this probability at least, or the least for want of more. */
  long nextAtLeast(double probability) {
    // The next one itself, which may be anywhere, counts as below all others.
    double share = ((sumOfComplete + 1) * (1 - probability) - 1) / sumOfComplete;
    long known = share <= 0 ? -1 : above(share);
    return known < 0 ? time(0) : known;
  }

  /** The greatest time that less than or exactly this share lie below. */
  private long above(double share) {
    double beyond = 1;
    double left = sum;
    long found = -1;
    for (int i = 0; i < count && 1 - beyond <= share + TOLERANCE; i++) {
      double weight = weight(i);
      if (isComplete(i)) {
        found = time(i);
        beyond *= Math.max(0, 1 - weight / left);
      }
      left -= weight;
    }
    return found;
  }

  /** What the next time does not exceed with this probability at least, or -1: not known. */
  long nextAtMost(double probability) {
    double share = (sumOfComplete + 1) * probability / sumOfComplete;
    return share > 1 + TOLERANCE ? -1 : quantile(share);
  }
}
