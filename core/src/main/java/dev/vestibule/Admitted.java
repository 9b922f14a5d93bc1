package dev.vestibule;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An arrival was let in. Whoever receives it must settle it once, with {@link #opened()} or {@link
 * #failed(Throwable)}; the first of them counts and the rest is ignored. Safe for use by many
 * threads.
 */
public final class Admitted implements Admission {

  private final Waiter waiter;
  private final long generation;
  private final boolean hasPermit;
  private final Duration waited;
  private final AtomicBoolean settled = new AtomicBoolean();

  Admitted(Waiter waiter, Standing standing, Duration waited) {
    this.waiter = waiter;
    this.generation = standing.generation();
    this.hasPermit = standing.state() == RouteState.PACED;
    this.waited = waited;
  }

  /**
   * How long the client waited.
   *
   * @return from its knock to this admission; zero if it was let in at once
   */
  public Duration waited() {
    return waited;
  }

  /**
   * The handshake is done and a session follows.
   *
   * @return whether this settled the admission
   */
  public boolean opened() {
    return settle();
  }

  /**
   * What should have been behind the door was not there. The waiter is put back with its old
   * deadline, and its callback is called again: at once if its route has been closed and opened
   * again meanwhile, else when it opens anew, or with a refusal. Whoever knows that something went
   * away says so first, by {@link Signal#lost(Throwable)}. A client that has left is not put back.
   *
   * @param cause goes to the log
   * @return whether this settled the admission
   */
  public boolean failed(Throwable cause) {
    if (!settle()) {
      return false;
    }
    waiter.putBack(generation, cause);
    return true;
  }

  private boolean settle() {
    if (!settled.compareAndSet(false, true)) {
      return false;
    }
    waiter.gate().count().settled();
    if (hasPermit) {
      waiter.gate().pacer().settled();
    }
    return true;
  }
}
