package dev.vestibule.jetty;

import static java.lang.System.Logger.Level.WARNING;

import dev.vestibule.Reason;
import dev.vestibule.Refused;
import dev.vestibule.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.OutgoingEntry;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a handshake by a 101 and a close frame right behind it, because a script in a browser
 * sees the code and the reason of a close, and nothing of a 503. What the client sends is
 * discarded; it has a second to close its side, and then the connection is cut.
 *
 * <p>Loaded only where it is asked for: it needs the server half of Jetty's WebSocket core.
 */
final class CloseForm {

  private static final System.Logger LOG = System.getLogger(GateHandler.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Scheduler scheduler;
  // Its own components: without extensions there is nothing to share with the application's.
  private final WebSocketMappings webSockets = new WebSocketMappings();
  private final AtomicInteger closing = new AtomicInteger();

  CloseForm(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** How many connections are being refused in this form, and are not gone yet. */
  int closing() {
    return closing.get();
  }

  /**
   * Refuses a request that has been screened, if this form fits it.
   *
   * @param subprotocols what the application behind the route speaks
   * @return whether the answer is on its way; else nothing has been done
   */
  boolean refuse(
      Request request,
      Response response,
      Callback callback,
      Refused refused,
      Set<String> subprotocols) {
    // Whoever takes all places shall not be given more of the server's time on top.
    if (refused.reason() == Reason.FULL
        || !Handshakes.isHandshake(request)
        || Handshakes.hasBody(request)) {
      return false;
    }
    List<String> offered = Handshakes.subprotocols(request);
    String chosen = offered.stream().filter(subprotocols::contains).findFirst().orElse(null);
    if (chosen == null && !offered.isEmpty()) {
      // Browsers fail a connection that takes up none of what they offered: nothing is gained.
      return false;
    }
    EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    Closing closed = begin(endPoint, refused, chosen);
    return closed != null && closed.upgrade(request, response, callback);
  }

  /** Null when nothing would cut the connection in time: then it is not even opened. */
  private @Nullable Closing begin(EndPoint endPoint, Refused refused, @Nullable String chosen) {
    closing.incrementAndGet();
    try {
      return new Closing(endPoint, refused, chosen);
    } catch (RuntimeException | Error e) {
      closing.decrementAndGet();
      LOG.log(WARNING, "the scheduler takes no tasks; refused by a 503 and not by a close", e);
      return null;
    }
  }

  /** One connection that is closed as soon as it is open. */
  private final class Closing implements WebSocketNegotiator, FrameHandler {

    private final Refused refused;
    private final @Nullable String subprotocol;
    private final Scheduler.Scheduled end;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile @Nullable CoreSession session;

    Closing(EndPoint endPoint, Refused refused, @Nullable String subprotocol) {
      this.refused = refused;
      this.subprotocol = subprotocol;
      // From here on, so that a client that does not even read its 101 is gone in time too.
      this.end =
          scheduler.schedule(
              () -> {
                endPoint.close();
                over();
              },
              PATIENCE);
    }

    boolean upgrade(Request request, Response response, Callback callback) {
      Callback noting =
          new Callback.Nested(callback) {
            @Override
            public void failed(Throwable cause) {
              over();
              super.failed(cause);
            }
          };
      try {
        if (webSockets.upgrade(this, request, response, noting, null)) {
          return true;
        }
      } catch (RuntimeException e) {
        if (response.isCommitted()) {
          noting.failed(e);
          return true;
        }
        response.reset();
      }
      over();
      return false;
    }

    private void over() {
      if (over.compareAndSet(false, true)) {
        end.cancel();
        closing.decrementAndGet();
      }
    }

    @Override
    public FrameHandler negotiate(
        ServerUpgradeRequest request, ServerUpgradeResponse response, Callback callback) {
      response.setExtensions(List.of());
      if (subprotocol != null) {
        response.setAcceptedSubProtocol(subprotocol);
      }
      return this;
    }

    @Override
    public void onOpen(CoreSession opened, Callback callback) {
      session = opened;
      callback.succeeded();
      // Not by the session, which takes 1012 and 1013 for errors and cuts the connection as soon as
      // they are written: what the client has sent by then would reset it, and with it the reason.
      Frame close = new CloseStatus(refused.closeCode(), refused.closeReason()).toFrame();
      OutgoingEntry entry = new OutgoingEntry.Builder(close, Callback.NOOP).build();
      ((WebSocketCoreSession) opened).getConnection().enqueueFrame(entry);
      opened.demand();
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
      callback.succeeded();
      CoreSession open = session;
      if (open != null && frame.getOpCode() != OpCode.CLOSE) {
        open.demand();
      }
    }

    @Override
    public void onError(Throwable cause, Callback callback) {
      callback.succeeded();
    }

    @Override
    public void onClosed(CloseStatus status, Callback callback) {
      over();
      callback.succeeded();
    }
  }
}
