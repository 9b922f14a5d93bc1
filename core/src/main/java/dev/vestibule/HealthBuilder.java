package dev.vestibule;

import java.time.Duration;

/**
 * Describes how a phase is watched once it is ready. Mistakes are reported together by {@link
 * StartupBuilder#build()}. Not safe for use by many threads.
 */
public final class HealthBuilder {

  private final String path;
  private final Mistakes mistakes;
  private Duration every = Duration.ofSeconds(1);
  private Duration timeout = Duration.ofSeconds(1);
  private int downAfter = 3;
  private int upAfter = 2;

  HealthBuilder(String path, Mistakes mistakes) {
    this.path = path;
    this.mistakes = mistakes;
  }

  /**
   * How long after an answer the probe is asked again.
   *
   * @param interval at least 1 ms, at most 365 days; default 1 s. Shorter notices sooner and asks
   *     more.
   * @return this
   */
  public HealthBuilder every(Duration interval) {
    mistakes.expectPositive(path + ".every", interval);
    if (!interval.isNegative() && !interval.isZero()) {
      mistakes.expectAtLeast(path + ".every.millis", interval.toMillis(), 1);
    }
    this.every = interval;
    return this;
  }

  /**
   * How long one answer may take. A question that takes longer is interrupted and counts as a no;
   * while it ignores that, it counts again each interval, and nobody asks beside it. After ten
   * times no it is abandoned and the probe is asked anew. Three may be abandoned and hang yet; then
   * the phase waits for one of them to end, so that threads do not pile up.
   *
   * @param limit more than zero, at most 365 days; default 1 s
   * @return this
   */
  public HealthBuilder timeout(Duration limit) {
    mistakes.expectPositive(path + ".timeout", limit);
    this.timeout = limit;
    return this;
  }

  /**
   * After how many times no in a row a ready phase is down. One no may be chance; more make the
   * gate close later.
   *
   * @param times one or more; default 3
   * @return this
   */
  public HealthBuilder downAfter(int times) {
    mistakes.expectAtLeast(path + ".downAfter", times, 1);
    this.downAfter = times;
    return this;
  }

  /**
   * After how many times yes in a row a phase that is down is ready again.
   *
   * @param times one or more; default 2
   * @return this
   */
  public HealthBuilder upAfter(int times) {
    mistakes.expectAtLeast(path + ".upAfter", times, 1);
    this.upAfter = times;
    return this;
  }

  HealthDefinition define(Probe probe) {
    return new HealthDefinition(probe, every, timeout, downAfter, upAfter);
  }
}
