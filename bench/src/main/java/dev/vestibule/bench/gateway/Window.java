package dev.vestibule.bench.gateway;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Arrays;
import java.util.function.Consumer;

/** The time in which something is counted, after a time in which it is not. */
final class Window {

  /** More than that are counted, but their times are not kept. */
  private static final int MOST_KEPT = 1_000_000;

  private final long[] times = new long[MOST_KEPT];
  private int count;
  private int failed;

  /** Notes one that is done. */
  void done(long began, long ended) {
    if (count < MOST_KEPT) {
      times[count] = ended - began;
    }
    count++;
  }

  void failed() {
    failed++;
  }

  /** Turns the selector until the window has ended. */
  String run(Selector selector, Consumer<SelectionKey> ready, int warmMillis, int millis)
      throws IOException {
    turn(selector, ready, warmMillis);
    count = 0;
    long began = System.nanoTime();
    System.out.println("begun " + began);
    turn(selector, ready, millis);
    long nanos = System.nanoTime() - began;
    int kept = Math.min(count, MOST_KEPT);
    Arrays.sort(times, 0, kept);
    return "ended %d %d %d %d %d"
        .formatted(count, nanos, rank(kept, 0.50), rank(kept, 0.99), failed);
  }

  private static void turn(Selector selector, Consumer<SelectionKey> ready, int millis)
      throws IOException {
    long deadline = System.nanoTime() + millis * 1_000_000L;
    for (long left = millis; left > 0; left = (deadline - System.nanoTime()) / 1_000_000) {
      selector.select(ready, left);
    }
  }

  private long rank(int kept, double quantile) {
    return kept == 0 ? 0 : times[(int) Math.max(0, Math.ceil(quantile * kept) - 1)];
  }
}
