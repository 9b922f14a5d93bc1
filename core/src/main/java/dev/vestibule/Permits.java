package dev.vestibule;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** How many may be let in now. Safe for use by many threads. */
interface Permits {

  /** Takes one if there is one. */
  boolean take();

  /** One that was taken was not needed. */
  void unused();

  /** Somebody who was let in by one is settled. */
  void settled();

  /** How long until there is one: zero for now, null when only time cannot bring it. */
  @Nullable Duration untilNext();

  static Permits of(Pace pace, Ticker ticker) {
    if (pace instanceof Pace.PerSecond rate) {
      return new Rate(rate.handshakes(), ticker);
    }
    return pace instanceof Pace.InFlight bound ? new Bounded(bound.most()) : UNBOUNDED;
  }

  /** For everybody. */
  Permits UNBOUNDED =
      new Permits() {
        @Override
        public boolean take() {
          return true;
        }

        @Override
        public void unused() {}

        @Override
        public void settled() {}

        @Override
        public Duration untilNext() {
          return Duration.ZERO;
        }
      };

  /** So many at the same time. */
  final class Bounded implements Permits {
    private final AtomicInteger free;

    Bounded(int most) {
      free = new AtomicInteger(most);
    }

    /** Plainly: {@code if (free > 0) free--}, as one step. */
    @Override
    public boolean take() {
      int now;
      do {
        now = free.get();
        if (now == 0) {
          return false;
        }
      } while (!free.compareAndSet(now, now - 1));
      return true;
    }

    @Override
    public void unused() {
      free.incrementAndGet();
    }

    @Override
    public void settled() {
      free.incrementAndGet();
    }

    @Override
    public @Nullable Duration untilNext() {
      return free.get() > 0 ? Duration.ZERO : null;
    }
  }

  /**
   * One each interval, as the generic cell rate algorithm has it (ITU-T I.371, annex A): the time
   * at which the next is due moves on by an interval with each that is taken, and lags behind the
   * clock by no more than what may be caught up.
   */
  final class Rate implements Permits {
    // About what a timer on a busy machine is late by.
    private static final long CATCH_UP = Duration.ofMillis(10).toNanos();
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final long interval;
    private final Ticker ticker;
    private final AtomicLong due;

    Rate(int perSecond, Ticker ticker) {
      // Rounded up: never faster than what was asked for.
      this.interval = (SECOND + perSecond - 1) / perSecond;
      this.ticker = ticker;
      this.due = new AtomicLong(ticker.read());
    }

    /** Plainly: {@code if (now >= due) due = max(due, now - CATCH_UP) + interval}, as one step. */
    @Override
    public boolean take() {
      long now = ticker.read();
      long then;
      long next;
      do {
        then = due.get();
        if (now - then < 0) {
          return false;
        }
        next = Math.max(then - now, -CATCH_UP) + now + interval;
      } while (!due.compareAndSet(then, next));
      return true;
    }

    @Override
    public void unused() {
      due.addAndGet(-interval);
    }

    @Override
    public void settled() {}

    @Override
    public Duration untilNext() {
      return Duration.ofNanos(Math.max(0, due.get() - ticker.read()));
    }
  }
}
