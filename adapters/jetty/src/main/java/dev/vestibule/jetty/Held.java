package dev.vestibule.jetty;

import dev.vestibule.Admission;
import dev.vestibule.Admitted;
import dev.vestibule.Refused;
import dev.vestibule.Waiter;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** One request that is held: no thread waits with it. */
final class Held implements Consumer<Admission> {

  /** What comes behind the gate. */
  interface Behind {
    boolean handle(Request request, Response response, Callback callback) throws Exception;
  }

  /** How whoever is refused is told. */
  interface Refusal {
    void tell(Request request, Response response, Callback callback, Refused refused);
  }

  private final Behind behind;
  private final Refusal refusal;
  private final Request request;
  private final Response response;
  private final Callback callback;
  private final @Nullable Departure departure;
  private volatile @Nullable Waiter waiter;

  Held(Behind behind, Refusal refusal, Request request, Response response, Callback callback) {
    this.behind = behind;
    this.refusal = refusal;
    this.request = request;
    this.response = response;
    this.callback = callback;
    this.departure = Departure.of(request, this::departed);
  }

  /** Its place is taken: from now on the client is watched. */
  void wait(Waiter waiter) {
    this.waiter = waiter;
    if (departure != null) {
      departure.watch();
    }
  }

  /** On the lane. */
  @Override
  public void accept(Admission admission) {
    Runnable next =
        admission instanceof Refused refused
            ? () -> refusal.tell(request, response, callback, refused)
            : () -> dispatch((Admitted) admission);
    if (departure == null) {
      next.run();
    } else {
      departure.stop(next);
    }
  }

  /** The application may block, and nobody else on this lane shall wait for that. */
  private void dispatch(Admitted admitted) {
    try {
      request.getComponents().getExecutor().execute(() -> enter(admitted));
    } catch (RejectedExecutionException e) {
      admitted.opened();
      callback.failed(e);
    }
  }

  private void enter(Admitted admitted) {
    Callback settling = new Settling(callback, admitted);
    try {
      if (!behind.handle(request, response, settling)) {
        Response.writeError(request, response, settling, 404);
      }
    } catch (Throwable t) {
      // The server's own answer to a handler that throws, which is not here to give it.
      Response.writeError(request, response, settling, t);
    }
  }

  /** On any thread, which must not be blocked. */
  private void departed() {
    Waiter known = waiter;
    if (known != null && known.leave()) {
      EofException left = new EofException("the client left while it was held");
      request.getConnectionMetaData().getConnection().getEndPoint().close(left);
      try {
        request.getComponents().getExecutor().execute(() -> callback.failed(left));
      } catch (RejectedExecutionException e) {
        callback.failed(left);
      }
    }
  }

  /** Settles the admission when the 101 or the whole response has been written, or cannot be. */
  private static final class Settling extends Callback.Nested {
    private final Admitted admitted;

    Settling(Callback callback, Admitted admitted) {
      super(callback);
      this.admitted = admitted;
    }

    @Override
    public void completed() {
      admitted.opened();
    }
  }
}
