package dev.vestibule;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * How someone who waits learns that it is ready: told by a signal, or by asking again and again.
 * Immutable.
 *
 * <p>A poll every T spreads the moment at which a waiter notices over T; a signal does not. The two
 * polling strategies are here for what can only be asked for, for comparison, and as the way back.
 */
public abstract sealed class ReadinessStrategy {

  private ReadinessStrategy() {}

  /**
   * Woken by the change itself; needs no interval and polls nothing. The default wherever readiness
   * is known in this process.
   *
   * @return the strategy
   */
  public static ReadinessStrategy signal() {
    return Signalled.INSTANCE;
  }

  /**
   * Asks at a fixed interval, at most {@code timeout / interval * 1.2} times.
   *
   * @param interval from one poll to the next; at least 1 ms
   * @return the strategy
   * @throws IllegalArgumentException when the interval is shorter than 1 ms
   */
  public static ReadinessStrategy fixed(Duration interval) {
    if (interval.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException(
          "interval: %s (expected: >= PT0.001S)".formatted(interval));
    }
    return new Fixed(interval);
  }

  /**
   * The backoff of the case that this project comes from: 50, 100, 200, 500 ms, 1, 1.5, 2 s, one
   * step further with each poll once more than ten polls in a row saw the same phase; the count,
   * not the step, starts again when the phase changes.
   *
   * @return the strategy
   */
  public static ReadinessStrategy progressive() {
    return Progressive.INSTANCE;
  }

  /**
   * Its name in configuration and logs.
   *
   * @return {@code signal}, {@code fixed} or {@code progressive}
   */
  public abstract String name();

  /** How the closing log line of a wait begins. */
  abstract String title();

  /** The delays of one wait. Not safe for use by many threads. */
  abstract Polls begin();

  /** The most polls that one wait may make in this time; a bound against clocks that misbehave. */
  abstract long mostPolls(Duration timeout);

  /** Whether it asks, rather than being told. */
  final boolean polls() {
    return this != Signalled.INSTANCE;
  }

  private static long bound(Duration timeout, Duration interval) {
    return (long) Math.ceil(1.2 * timeout.toNanos() / interval.toNanos());
  }

  /** The delays of one wait. */
  interface Polls {
    /** How long to wait before the next poll, after one that saw this phase still to come. */
    Duration next(String phase);
  }

  private static final class Signalled extends ReadinessStrategy {
    static final Signalled INSTANCE = new Signalled();

    @Override
    public String name() {
      return "signal";
    }

    @Override
    String title() {
      return "Signal wait";
    }

    @Override
    Polls begin() {
      throw new IllegalStateException("a signal is not polled for");
    }

    @Override
    long mostPolls(Duration timeout) {
      return 0;
    }
  }

  private static final class Fixed extends ReadinessStrategy {
    private final Duration interval;

    Fixed(Duration interval) {
      this.interval = interval;
    }

    @Override
    public String name() {
      return "fixed";
    }

    @Override
    String title() {
      return "Fixed-interval wait";
    }

    @Override
    Polls begin() {
      return phase -> interval;
    }

    @Override
    long mostPolls(Duration timeout) {
      return bound(timeout, interval);
    }
  }

  private static final class Progressive extends ReadinessStrategy {
    static final Progressive INSTANCE = new Progressive();

    private static final List<Duration> STEPS =
        List.of(
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(200),
            Duration.ofMillis(500),
            Duration.ofMillis(1000),
            Duration.ofMillis(1500),
            Duration.ofMillis(2000));

    private static final int PATIENCE = 10;

    @Override
    public String name() {
      return "progressive";
    }

    @Override
    String title() {
      return "Progressive wait";
    }

    @Override
    Polls begin() {
      return new Polls() {
        private String seen = "";
        private int inARow;
        private int step;

        @Override
        public Duration next(String phase) {
          inARow = Objects.equals(phase, seen) ? inARow + 1 : 1;
          seen = phase;
          if (inARow > PATIENCE && step < STEPS.size() - 1) {
            step++;
          }
          return STEPS.get(step);
        }
      };
    }

    @Override
    long mostPolls(Duration timeout) {
      return bound(timeout, STEPS.get(0));
    }
  }
}
