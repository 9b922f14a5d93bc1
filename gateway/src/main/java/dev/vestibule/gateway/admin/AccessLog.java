package dev.vestibule.gateway.admin;

import static java.lang.System.Logger.Level.WARNING;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.vestibule.gateway.Passage;
import dev.vestibule.gateway.PassageListener;
import dev.vestibule.gateway.config.AdminSettings.AccessLogFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Writes a line for each request and session that is over. Whoever tells it never waits: lines are
 * made and written by a thread of its own, and when output is so slow that {@value #MOST_LINES} of
 * them wait, further ones are dropped, counted, and the count is written. Safe for use by many
 * threads.
 */
public final class AccessLog implements PassageListener, AutoCloseable {

  private static final System.Logger LOG = System.getLogger(AccessLog.class.getName());

  /** How many lines may wait to be written. */
  static final int MOST_LINES = 10_000;

  private static final int MOST_AT_ONCE = 256;
  private static final long CLOSE_MILLIS = 1_000;

  private record Ended(Instant at, @Nullable Passage passage) {}

  private static final Ended LAST = new Ended(Instant.EPOCH, null);

  private final AccessLine line;
  private final OutputStream out;
  private final InstantSource clock;
  // Its two ends have a lock each, so that who tells does not wait for who writes.
  private final BlockingQueue<Ended> queue;
  private final LongAdder dropped = new LongAdder();
  private final Thread thread;
  // Of the thread alone.
  private long droppedSaid;
  private boolean broken;

  /**
   * Begins.
   *
   * @param format text or JSON
   * @param out written by one thread, in whole lines; not closed
   * @param clock the time of day
   */
  public AccessLog(AccessLogFormat format, OutputStream out, InstantSource clock) {
    this(format, out, clock, MOST_LINES);
  }

  AccessLog(AccessLogFormat format, OutputStream out, InstantSource clock, int mostLines) {
    this.line = format == AccessLogFormat.JSON ? new AccessLine.Json() : new AccessLine.Text();
    this.out = out;
    this.clock = clock;
    this.queue = new LinkedBlockingQueue<>(mostLines);
    this.thread = new Thread(this::run, "vestibule-access-log");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void ended(Passage passage) {
    if (!queue.offer(new Ended(clock.instant(), passage))) {
      dropped.increment();
    }
  }

  /**
   * Lines that were dropped, because output was too slow or broken.
   *
   * @return how many so far
   */
  public long dropped() {
    return dropped.sum();
  }

  private void run() {
    List<Ended> batch = new ArrayList<>(MOST_AT_ONCE);
    boolean open = true;
    try {
      while (open) {
        batch.add(queue.take());
        queue.drainTo(batch, MOST_AT_ONCE - 1);
        open = batch.getLast().passage() != null;
        write(batch);
        batch.clear();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(List<Ended> batch) {
    StringBuilder text = new StringBuilder(160 * batch.size());
    int lines = 0;
    for (Ended ended : batch) {
      if (ended.passage() != null) {
        line.append(text, ended.at(), ended.passage());
        text.append('\n');
        lines++;
      }
    }
    long now = dropped.sum();
    if (now > droppedSaid) {
      line.appendDropped(text, clock.instant(), now - droppedSaid);
      text.append('\n');
    }
    try {
      out.write(text.toString().getBytes(US_ASCII));
      out.flush();
      droppedSaid = now;
    } catch (IOException e) {
      dropped.add(lines);
      if (!broken) {
        broken = true;
        LOG.log(WARNING, "the access log cannot be written; its lines are dropped: {0}", e);
      }
    }
  }

  /** Writes what waits, for one second at most. What is told from now on may be lost. */
  @Override
  public void close() {
    try {
      if (queue.offer(LAST, CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
        thread.join(CLOSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
