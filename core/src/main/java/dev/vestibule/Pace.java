package dev.vestibule;

/**
 * How fast those who wait are let in once their route is open. A backend that has just come up may
 * bear fewer handshakes than wait for it. While waiters are let in at a pace their route is {@link
 * RouteState#PACED}, and newcomers queue behind them; once nobody waits any more it is open, and
 * the pace bounds nobody. A pace below what arrives day by day lets a queue grow that never ends.
 */
public sealed interface Pace {

  /**
   * Everybody at once. The default, and right where the handshake is answered by this process.
   *
   * @return the pace
   */
  static Pace allAtOnce() {
    return new AllAtOnce();
  }

  /**
   * A fixed rate, evenly spread. Where a timer is late, at most what 10 ms would have let in is
   * caught up.
   *
   * @param handshakes per second, one to a million; over all routes of the gate
   * @return the pace
   * @throws IllegalArgumentException when out of range
   */
  static Pace perSecond(int handshakes) {
    return new PerSecond(handshakes);
  }

  /**
   * So many that are let in and have not settled yet, by {@link Admitted#opened()} or {@link
   * Admitted#failed(Throwable)}.
   *
   * @param most one or more; over all routes of the gate
   * @return the pace
   * @throws IllegalArgumentException when less than one
   */
  static Pace inFlight(int most) {
    return new InFlight(most);
  }

  /** See {@link Pace#allAtOnce()}. */
  record AllAtOnce() implements Pace {}

  /**
   * See {@link Pace#perSecond(int)}.
   *
   * @param handshakes per second
   */
  record PerSecond(int handshakes) implements Pace {

    private static final int MOST = 1_000_000;

    /** Checks the rate. */
    public PerSecond {
      if (handshakes < 1 || handshakes > MOST) {
        throw new IllegalArgumentException(
            "pace.perSecond: %d (expected: 1 to %d)".formatted(handshakes, MOST));
      }
    }
  }

  /**
   * See {@link Pace#inFlight(int)}.
   *
   * @param most how many
   */
  record InFlight(int most) implements Pace {

    /** Checks the bound. */
    public InFlight {
      if (most < 1) {
        throw new IllegalArgumentException("pace.inFlight: %d (expected: >= 1)".formatted(most));
      }
    }
  }
}
