package dev.vestibule.gateway.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much of what clients sent may be kept in all: heads of requests, and what came behind them.
 * Without this bound a few thousand strangers who wait with long headers would take all memory, and
 * the sessions that are open with it. Safe for use by many threads.
 */
public final class HeldBytes {

  private final long most;
  private final AtomicLong taken = new AtomicLong();

  /**
   * Nothing is kept yet.
   *
   * @param most bytes; more than zero
   */
  public HeldBytes(long most) {
    this.most = most;
  }

  /**
   * As much as leaves the heap room for all else.
   *
   * @return a quarter of it
   */
  public static HeldBytes ofHeap() {
    return new HeldBytes(Runtime.getRuntime().maxMemory() / 4);
  }

  /** Whether there was room. */
  boolean take(int bytes) {
    if (taken.addAndGet(bytes) <= most) {
      return true;
    }
    taken.addAndGet(-bytes);
    return false;
  }

  void giveBack(int bytes) {
    taken.addAndGet(-bytes);
  }
}
