package dev.vestibule.jetty;

import static java.lang.System.Logger.Level.WARNING;

import dev.vestibule.Admitted;
import dev.vestibule.Scheduler;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Settles an admission when the head of its response has been written, or cannot be: a stream of
 * events or a long poll shall not hold its permit to its end. Failing that, when its request is
 * over; failing that too, after {@link #PATIENCE}.
 */
final class Settling extends Callback.Nested {

  /** As long as a gate holds by default: who has not answered by then bounds nobody any more. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Admitted admitted;
  private volatile Scheduler.@Nullable Scheduled end;

  private Settling(Admitted admitted, Callback callback) {
    super(callback);
    this.admitted = admitted;
  }

  /**
   * Begins, before the request is handled.
   *
   * @return to be given to the next handler in place of {@code callback}
   */
  static Callback begin(
      Admitted admitted, Scheduler scheduler, Request request, Callback callback) {
    Settling settling = new Settling(admitted, callback);
    try {
      settling.end = scheduler.schedule(admitted::opened, PATIENCE);
      request.addHttpStreamWrapper(settling::watching);
    } catch (RuntimeException | Error e) {
      System.getLogger(GateHandler.class.getName())
          .log(WARNING, "an answer cannot be watched; its permit is given back at once", e);
      settling.settle();
    }
    return settling;
  }

  private HttpStream watching(HttpStream stream) {
    return new HttpStream.Wrapper(stream) {
      @Override
      public void send(
          MetaData.Request request,
          MetaData.@Nullable Response head,
          boolean last,
          @Nullable ByteBuffer content,
          Callback callback) {
        boolean isHead = head != null && !HttpStatus.isInterim(head.getStatus());
        super.send(request, head, last, content, isHead ? new Written(callback) : callback);
      }
    };
  }

  /** Settles before the callback goes on, which may run the application. */
  private final class Written extends Callback.Nested {
    Written(Callback callback) {
      super(callback);
    }

    @Override
    public void succeeded() {
      settle();
      super.succeeded();
    }

    @Override
    public void failed(Throwable cause) {
      settle();
      super.failed(cause);
    }
  }

  @Override
  public void completed() {
    settle();
  }

  private void settle() {
    admitted.opened();
    Scheduler.Scheduled scheduled = end;
    if (scheduled != null) {
      scheduled.cancel();
    }
  }
}
