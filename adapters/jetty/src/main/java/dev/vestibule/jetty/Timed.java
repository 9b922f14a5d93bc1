package dev.vestibule.jetty;

import static java.lang.System.Logger.Level.ERROR;

import dev.vestibule.Route;
import dev.vestibule.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Measures a handshake. Its response is written when its callback is called, and only after that
 * the connection is upgraded and the application told. Where the callback is not called, because a
 * handler threw or nobody answered, the end of the request is the end of this too.
 */
final class Timed extends Callback.Nested {

  private static final System.Logger LOG = System.getLogger(GateHandler.class.getName());

  private final HandshakeListener listener;
  private final Route route;
  private final Request request;
  private final Response response;
  private final AtomicBoolean told = new AtomicBoolean();

  private Timed(
      HandshakeListener listener,
      Route route,
      Request request,
      Response response,
      Callback callback) {
    super(callback);
    this.listener = listener;
    this.route = route;
    this.request = request;
    this.response = response;
  }

  static Callback timed(
      HandshakeListener listener,
      Route route,
      Request request,
      Response response,
      Callback callback) {
    Timed timed = new Timed(listener, route, request, response, callback);
    Request.addCompletionListener(request, failure -> timed.over(failure));
    return timed;
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
    if (!told.compareAndSet(false, true)) {
      return;
    }
    long took = Ticker.system().read() - since();
    try {
      listener.answered(route.pattern(), status, Duration.ofNanos(took));
    } catch (Throwable e) {
      LOG.log(ERROR, "a handshake listener threw", e);
    }
  }

  private long since() {
    var meta = request.getConnectionMetaData();
    Long knockedAt = DoorAdoption.knockedAt(meta.getConnector(), meta.getConnection());
    return knockedAt == null ? request.getBeginNanoTime() : knockedAt;
  }
}
