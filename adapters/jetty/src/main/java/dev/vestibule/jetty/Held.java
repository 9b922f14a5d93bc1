package dev.vestibule.jetty;

import dev.vestibule.Admission;
import dev.vestibule.Admitted;
import dev.vestibule.Refused;
import dev.vestibule.Scheduler;
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
  private final Scheduler scheduler;
  private final Request request;
  private final Response response;
  private final Callback callback;
  private final @Nullable Departure departure;
  private volatile @Nullable Waiter waiter;

  Held(
      Behind behind,
      Refusal refusal,
      Scheduler scheduler,
      Request request,
      Response response,
      Callback callback) {
    this.behind = behind;
    this.refusal = refusal;
    this.scheduler = scheduler;
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
            ? () -> refuse(refused)
            : () -> dispatch((Admitted) admission);
    if (departure == null) {
      next.run();
    } else {
      departure.stop(next);
    }
  }

  private void refuse(Refused refused) {
    ResponseWatch.refused(request);
    refusal.tell(request, response, callback, refused);
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
    Callback settling = Settling.begin(admitted, scheduler, request, callback);
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
}
