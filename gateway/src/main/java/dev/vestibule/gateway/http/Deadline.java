package dev.vestibule.gateway.http;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One thing that must happen in time; a new one takes the place of the one before. */
final class Deadline {

  private @Nullable ScheduledFuture<?> pending;

  void in(EventLoop loop, Duration time, Runnable otherwise) {
    met();
    pending = loop.schedule(otherwise, time.toNanos(), TimeUnit.NANOSECONDS);
  }

  void met() {
    if (pending != null) {
      pending.cancel(false);
      pending = null;
    }
  }
}
