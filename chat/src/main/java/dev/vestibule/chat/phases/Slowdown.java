package dev.vestibule.chat.phases;

import dev.vestibule.Ticker;
import java.time.Duration;

/**
 * How slowly a phase's work is done: as fast as it can be, or stretched over a time that somebody
 * asked for in order to watch it. Immutable.
 */
public final class Slowdown {

  /** Waits; replaced in tests. */
  @FunctionalInterface
  public interface Rest {

    /**
     * Waits.
     *
     * @param time more than zero
     * @throws InterruptedException when the thread is interrupted meanwhile
     */
    void rest(Duration time) throws InterruptedException;
  }

  private final Duration atLeast;
  private final Ticker ticker;
  private final Rest rest;

  /**
   * Describes a slowdown.
   *
   * @param atLeast how long the work takes at least; zero means that it is not slowed
   * @param ticker measures the work itself
   * @param rest how the time between portions is waited
   */
  public Slowdown(Duration atLeast, Ticker ticker, Rest rest) {
    this.atLeast = atLeast;
    this.ticker = ticker;
    this.rest = rest;
  }

  /**
   * A slowdown on this machine's clock.
   *
   * @param atLeast how long the work takes at least; zero means that it is not slowed
   * @return the slowdown
   */
  public static Slowdown of(Duration atLeast) {
    return new Slowdown(atLeast, Ticker.system(), time -> Thread.sleep(time));
  }

  /**
   * How long the work takes at least.
   *
   * @return zero or more
   */
  public Duration atLeast() {
    return atLeast;
  }

  /**
   * Begins work that is done in portions.
   *
   * @param portions how many there are, at least 1
   * @return asked after each portion, by one thread
   */
  public Course begin(int portions) {
    return new Course(portions, ticker.read());
  }

  /** One piece of work on its way. */
  public final class Course {
    private final int portions;
    private final long begun;
    private int done;

    private Course(int portions, long begun) {
      this.portions = portions;
      this.begun = begun;
    }

    /**
     * Says that a portion is done, and waits until the time for it has passed.
     *
     * @throws InterruptedException when the phase is given up meanwhile
     */
    public void portion() throws InterruptedException {
      done = Math.min(done + 1, portions);
      long due = atLeast.toNanos() / portions * done;
      long ahead = due - (ticker.read() - begun);
      if (ahead > 0) {
        rest.rest(Duration.ofNanos(ahead));
      }
    }
  }
}
