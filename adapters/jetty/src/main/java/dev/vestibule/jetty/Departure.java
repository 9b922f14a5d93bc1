package dev.vestibule.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Notices that the client of a held request went away.
 *
 * <p>While an HTTP/1 request without a body is handled, Jetty's connection does not read, so it
 * would not see the end of the stream; and nobody else is interested in the end point. So this is:
 * it reads what comes. The end of the stream is the departure. Bytes, such as a frame that the
 * client sent before its 101, are kept and given back to the connection, in order, before the
 * request is handled: {@link Connection.UpgradeTo} is how Jetty itself hands bytes from one
 * connection to the next. What they may take is bounded; beyond it this stops reading, and the
 * departure of such a client goes unnoticed.
 *
 * <p>The interest in the end point is taken back before the request is handled, because whoever
 * comes next registers its own. If a read has been announced by then, but has not begun, the
 * announcement is waited for, since it would come in the midst of what follows.
 */
final class Departure implements Callback {

  // More than any client has a reason to send before it hears an answer.
  private static final int MOST_EARLY_BYTES = 4096;

  private enum State {
    /** Not yet reading, or no longer. */
    IDLE,
    WATCHING,
    /** Taken back while a read was announced. */
    STOPPING,
    STOPPED
  }

  private final AbstractEndPoint endPoint;
  private final AbstractConnection connection;
  private final Runnable departed;
  private final int most;

  // Guarded by this.
  private State state = State.IDLE;
  private boolean registered;
  private @Nullable ByteBuffer early;
  private @Nullable Runnable next;

  private Departure(AbstractEndPoint endPoint, AbstractConnection connection, Runnable departed) {
    this.endPoint = endPoint;
    this.connection = connection;
    this.departed = departed;
    this.most = Math.min(MOST_EARLY_BYTES, connection.getInputBufferSize());
  }

  /**
   * Prepares to watch the client of a request.
   *
   * @param departed run at most once, on any thread; must not block
   * @return null where it cannot be done: HTTP/2, or a body that the application has yet to read
   */
  static @Nullable Departure of(Request request, Runnable departed) {
    ConnectionMetaData meta = request.getConnectionMetaData();
    Connection connection = meta.getConnection();
    return meta.getHttpVersion().getVersion() <= HttpVersion.HTTP_1_1.getVersion()
            && !Handshakes.hasBody(request)
            && connection instanceof Connection.UpgradeFrom
            && connection instanceof Connection.UpgradeTo
            && connection instanceof AbstractConnection http
            && connection.getEndPoint() instanceof AbstractEndPoint endPoint
        ? new Departure(endPoint, http, departed)
        : null;
  }

  /** Begins, unless it was stopped already. Called once, on the thread that handles the request. */
  synchronized void watch() {
    if (state != State.IDLE) {
      return;
    }
    state = State.WATCHING;
    ByteBuffer came = ((Connection.UpgradeFrom) connection).onUpgradeFrom();
    if (came != null) {
      early = BufferUtil.allocate(Math.max(most, came.remaining()));
      BufferUtil.append(early, came);
    }
    register();
  }

  /**
   * Ends, and gives back what was read.
   *
   * @param next run once nothing of this will come any more: by this call as a rule, else on the
   *     thread that announces a read
   */
  void stop(Runnable next) {
    synchronized (this) {
      if (registered && !endPoint.getFillInterest().onFail(new TakenBack())) {
        state = State.STOPPING;
        this.next = next;
        return;
      }
      giveBack();
    }
    next.run();
  }

  /** Something can be read. */
  @Override
  public void succeeded() {
    Runnable then;
    synchronized (this) {
      registered = false;
      then = state == State.STOPPING ? giveBack() : read();
    }
    run(then);
  }

  /** The end point was closed, or the interest taken back. */
  @Override
  public void failed(Throwable cause) {
    if (cause instanceof TakenBack) {
      return;
    }
    Runnable then;
    synchronized (this) {
      registered = false;
      then = state == State.STOPPING ? giveBack() : departed;
    }
    run(then);
  }

  private static void run(@Nullable Runnable then) {
    if (then != null) {
      then.run();
    }
  }

  /** Returns what is to be run outside the lock. */
  private @Nullable Runnable read() {
    ByteBuffer into = early == null ? BufferUtil.allocate(most) : early;
    try {
      int read = endPoint.fill(into);
      if (read < 0) {
        return departed;
      }
      if (read > 0) {
        early = into;
      }
      register();
      return null;
    } catch (IOException e) {
      // A reset is a departure too.
      return departed;
    }
  }

  private void register() {
    if (early == null || BufferUtil.space(early) > 0) {
      registered = true;
      endPoint.fillInterested(this);
    }
  }

  /** Returns what was to be run once this has ended. */
  private @Nullable Runnable giveBack() {
    state = State.STOPPED;
    registered = false;
    ByteBuffer read = early;
    early = null;
    if (read != null && read.hasRemaining()) {
      ((Connection.UpgradeTo) connection).onUpgradeTo(read);
    }
    return next;
  }

  /** Not an error, and so without a stack. */
  private static final class TakenBack extends Exception {
    private static final long serialVersionUID = 1L;

    TakenBack() {
      super("the interest was taken back", null, false, false);
    }
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }
}
