package dev.vestibule.history;

/**
 * What is said where the past does not reach: that startups which take longer than most follow a
 * power law, P(longer than c times as long) = c^-exponent. Immutable.
 *
 * <p>A guess must not send anybody away for hours because a few cold starts among warm ones look
 * like a power law with hardly an end: what remains is said to be at most three times what the
 * longest known startup took in all, unless a start that is like this one did take longer.
 *
 * @param exponent great where startups take much the same time, small where now and then one takes
 *     very long
 * @param longest what the longest known startup took, be it a lower bound; in microseconds
 */
record Tail(double exponent, long longest) {

  /** How far a guess may go, in longest known startups. */
  private static final int MOST_LONGEST = 3;

  private static final double LONGEST_SHARE = 0.1;

  // As if two more had been seen, of an exponent of 5: with it one start in twenty takes 1.8 times
  // as long as the shortest of them. Chosen by simulation (docs/estimates.md).
  private static final double GUESSED_COUNT = 2;
  private static final double GUESSED_SUM = 0.4;

  /**
   * By Hill (A simple general approach to inference about the tail of a distribution, Annals of
   * Statistics 3, 1975), from the longest tenth; where these are few, drawn towards a guess.
   *
   * @param times of whole startups, sorted
   */
  static Tail of(Samples times) {
    int count = times.count();
    int longest = Math.min(count - 1, Math.max(1, (int) (count * LONGEST_SHARE)));
    double exceeded = GUESSED_COUNT;
    double sum = GUESSED_SUM;
    for (int i = count - longest; i < count; i++) {
      long least = Math.max(1, times.time(count - longest - 1));
      exceeded += times.isComplete(i) ? 1 : 0;
      sum += Math.log((double) Math.max(1, times.time(i)) / least);
    }
    return new Tail(exceeded / sum, times.greatest());
  }

  /**
   * What remains with this probability at most, by the law: the middle of what is known, stretched
   * from the half that exceeds it to the share that is asked for (as Weissman, Estimation of
   * parameters and large quantiles based on the k largest observations, JASA 73, 1978, does from
   * the k-th longest; so few vary less in the middle). No more than three times the longest known
   * startup, and no less than the longest of the samples.
   *
   * @param samples what remains by the past starts that are like this one; maybe none
   * @param spent how long this start has taken already
   * @param probability more than a half, if there are samples
   */
  long next(Samples samples, long spent, double probability) {
    double exceeding = samples.count() == 0 ? 1 : 0.5;
    double stretch = Math.pow(exceeding / (1 - probability), 1 / exponent);
    double whole = ((double) spent + samples.middle()) * stretch;
    long remaining = (long) Math.min(whole - spent, (double) MOST_LONGEST * longest);
    return Math.max(remaining, samples.greatest());
  }
}
