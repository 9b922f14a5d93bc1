package dev.vestibule.jetty;

import dev.vestibule.HandshakeOutcome;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Notices when a handshake has been answered, and how. Its response is written when its callback is
 * called; only after that a connection is upgraded and its endpoint told. Where the callback is not
 * called, because a handler threw or nobody answered, the end of the request is the end of this
 * too.
 */
public final class ResponseWatch extends Callback.Nested {

  // Says no by whichever status: a refusal may be a 101 with a close frame behind it.
  private static final String REFUSED = ResponseWatch.class.getName() + ".refused";

  private final Request request;
  private final Response response;
  private final Consumer<HandshakeOutcome> answered;
  private final AtomicBoolean told = new AtomicBoolean();

  private ResponseWatch(
      Request request, Response response, Callback callback, Consumer<HandshakeOutcome> answered) {
    super(callback);
    this.request = request;
    this.response = response;
    this.answered = answered;
  }

  /**
   * Watches a handshake that has not been handled yet.
   *
   * @param request which
   * @param response what is written to
   * @param callback the one that was given with them
   * @param answered called once, when the response is written or the client has left or was lost
   *     before there was one; must not block and must not throw
   * @return to be given to the next handler in place of {@code callback}
   */
  public static Callback watch(
      Request request, Response response, Callback callback, Consumer<HandshakeOutcome> answered) {
    Objects.requireNonNull(answered, "answered");
    ResponseWatch watch = new ResponseWatch(request, response, callback, answered);
    Request.addCompletionListener(request, watch::over);
    return watch;
  }

  /** The gate refuses this request, in whatever form. */
  static void refused(Request request) {
    request.setAttribute(REFUSED, true);
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
      answered.accept(outcome(status));
    }
  }

  private HandshakeOutcome outcome(int status) {
    if (status == 0) {
      return HandshakeOutcome.LEFT;
    }
    if (request.getAttribute(REFUSED) != null) {
      return HandshakeOutcome.REFUSED;
    }
    return status == HttpStatus.SWITCHING_PROTOCOLS_101
        ? HandshakeOutcome.OPENED
        : HandshakeOutcome.REJECTED;
  }
}
