package dev.vestibule.jetty;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Notices when a request has been answered. Its response is written when its callback is called;
 * only after that a connection is upgraded and its endpoint told. Where the callback is not called,
 * because a handler threw or nobody answered, the end of the request is the end of this too.
 */
public final class ResponseWatch extends Callback.Nested {

  private final Response response;
  private final IntConsumer answered;
  private final AtomicBoolean told = new AtomicBoolean();

  private ResponseWatch(Response response, Callback callback, IntConsumer answered) {
    super(callback);
    this.response = response;
    this.answered = answered;
  }

  /**
   * Watches a request that has not been handled yet.
   *
   * @param request which
   * @param response what is written to
   * @param callback the one that was given with them
   * @param answered called once, with the status of the response, or 0 if the client left or was
   *     lost before there was one; must not block and must not throw
   * @return to be given to the next handler in place of {@code callback}
   */
  public static Callback watch(
      Request request, Response response, Callback callback, IntConsumer answered) {
    Objects.requireNonNull(answered, "answered");
    ResponseWatch watch = new ResponseWatch(response, callback, answered);
    Request.addCompletionListener(request, watch::over);
    return watch;
  }

  @Override
  public void succeeded() {
    tell(response.getStatus());
    super.succeeded();
  }

  /** Without a failure there was a response, also if the server wrote it for the application. */
  private void over(@Nullable Throwable failure) {
    tell(failure == null || response.isCommitted() ? response.getStatus() : 0);
  }

  private void tell(int status) {
    if (told.compareAndSet(false, true)) {
      answered.accept(status);
    }
  }
}
