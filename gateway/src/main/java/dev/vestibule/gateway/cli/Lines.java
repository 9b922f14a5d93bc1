package dev.vestibule.gateway.cli;

import java.io.PrintStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Writes lines on a thread of its own: whoever says something may be an event loop, and a terminal
 * that is stopped, or a pipe that nobody reads, blocks who writes to it. What cannot be written is
 * counted and dropped. Safe for use by many threads.
 */
final class Lines implements Consumer<String>, AutoCloseable {

  private static final int MOST = 1_000;
  private static final long LAST_WORDS_MILLIS = 500;

  private final PrintStream out;
  private final BlockingQueue<String> queue = new LinkedBlockingQueue<>(MOST);
  private final AtomicInteger dropped = new AtomicInteger();
  private final Thread thread;
  private volatile boolean closed;

  Lines(PrintStream out) {
    this.out = out;
    this.thread = Thread.ofPlatform().daemon().name("vestibule-lines").start(this::write);
  }

  @Override
  public void accept(String line) {
    if (!queue.offer(line)) {
      dropped.incrementAndGet();
    }
  }

  private void write() {
    try {
      while (true) {
        String line = closed ? queue.poll() : queue.take();
        if (line == null) {
          return;
        }
        out.println(line);
        int lost = dropped.getAndSet(0);
        if (lost > 0) {
          out.println("(" + lost + " lines more were not written: too many at once)");
        }
      }
    } catch (InterruptedException e) {
      if (closed) {
        drain();
      }
    }
  }

  private void drain() {
    for (String line = queue.poll(); line != null; line = queue.poll()) {
      out.println(line);
    }
  }

  /** Waits until all is written, but not for long. */
  @Override
  public void close() {
    closed = true;
    try {
      thread.interrupt();
      thread.join(LAST_WORDS_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
