package dev.vestibule.history;

import static java.lang.System.Logger.Level.WARNING;

import dev.vestibule.Scheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes starts to their file, each on a thread of its own, and again a little later while another
 * process is at it. Safe for use by many threads.
 */
final class HistoryWriter {

  static final Duration PAUSE = Duration.ofMillis(50);

  /** Two seconds of them: whoever holds the lock for longer has come to a stop. */
  static final int ATTEMPTS = 40;

  private static final System.Logger LOG = System.getLogger(History.class.getName());

  private final HistoryFile file;
  private final Scheduler scheduler;
  private final Executor executor;
  private final Queue<CountDownLatch> underWay = new ConcurrentLinkedQueue<>();

  HistoryWriter(HistoryFile file, Scheduler scheduler, Executor executor) {
    this.file = file;
    this.scheduler = scheduler;
    this.executor = executor;
  }

  void write(PastStart start) {
    CountDownLatch done = new CountDownLatch(1);
    underWay.add(done);
    attempt(start, 1, done);
  }

  private void attempt(PastStart start, int number, CountDownLatch done) {
    try {
      executor.execute(() -> attempted(start, number, done));
    } catch (RuntimeException | Error e) {
      // No thread to be had.
      ended(done, e.toString());
    }
  }

  private void attempted(PastStart start, int number, CountDownLatch done) {
    try {
      switch (file.add(start)) {
        case KEPT -> ended(done, null);
        case TOO_LONG ->
            ended(
                done,
                "one start takes more than %d bytes (expected: at most that)"
                    .formatted(HistoryText.MOST_BYTES));
        case LOCKED -> {
          if (number < ATTEMPTS) {
            var unused = scheduler.schedule(() -> attempt(start, number + 1, done), PAUSE);
          } else {
            ended(done, "in use by another process");
          }
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      ended(done, e.toString());
    }
  }

  private void ended(CountDownLatch done, @Nullable String mistake) {
    if (mistake != null) {
      LOG.log(WARNING, "history {0}: {1}; this start is not kept", file.path(), mistake);
    }
    underWay.remove(done);
    done.countDown();
  }

  /** Waits for what is being written, and no longer than this for any of it. */
  void close(Duration atMost) {
    try {
      for (CountDownLatch done : underWay) {
        if (!done.await(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
