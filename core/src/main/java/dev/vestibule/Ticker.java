package dev.vestibule;

/**
 * A monotonic clock. Everything in Vestibule that needs the time asks a ticker, so that a test can
 * turn time by hand.
 */
@FunctionalInterface
public interface Ticker {

  /**
   * Reads the clock.
   *
   * @return nanoseconds since an arbitrary origin; never goes back. Only differences mean anything.
   */
  long read();

  /**
   * The clock of this machine, {@link System#nanoTime()}.
   *
   * @return the same ticker for everyone; safe for use by many threads
   */
  static Ticker system() {
    return SystemTime.TICKER;
  }
}
