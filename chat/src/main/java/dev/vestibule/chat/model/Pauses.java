package dev.vestibule.chat.model;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How long to wait before a model is asked again: half a second at first, then twice as long each
 * time, or as long as the endpoint says where that is longer; and up to a quarter more, so that
 * those who failed together do not come back together. Safe for use by many threads if its random
 * numbers are.
 */
final class Pauses {

  /** Before the second attempt, at least. */
  static final Duration FIRST = Duration.ofMillis(500);

  private static final double MOST_MORE = 0.25;

  private final RandomGenerator random;

  Pauses(RandomGenerator random) {
    this.random = random;
  }

  /**
   * The next pause.
   *
   * @param attempts how many failed, at least 1
   * @param asked what the endpoint asks for; null when it does not say
   */
  Duration after(int attempts, @Nullable Duration asked) {
    Duration own = FIRST.multipliedBy(1L << (attempts - 1));
    Duration pause = asked == null || asked.compareTo(own) < 0 ? own : asked;
    return pause.plusNanos((long) (pause.toNanos() * MOST_MORE * random.nextDouble()));
  }
}
