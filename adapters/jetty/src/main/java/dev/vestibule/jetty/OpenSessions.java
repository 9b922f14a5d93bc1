package dev.vestibule.jetty;

import dev.vestibule.Scheduler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.WebSocketConnection;

/**
 * The open WebSocket sessions of a server, whichever of Jetty's two APIs they use: its own, which
 * is also what Spring's handlers run on, and Jakarta's. Safe for use by many threads.
 *
 * <p>A container that stops tells its clients 1001, going away, all at once. Closing them first,
 * with 1012, service restart (RFC 6455's registry of close codes), spread over the time that there
 * is, tells them to come back and keeps them from doing so in the same moment.
 */
public final class OpenSessions {

  // A close frame has at most 125 bytes of payload, two of which are the code: RFC 6455, 5.5.
  private static final int MOST_REASON = 123;
  // For the last frames to be written; a client that reads nothing must not hold up the end.
  private static final Duration LAST_WRITES = Duration.ofSeconds(1);

  private final Server server;
  private final Scheduler scheduler;

  private OpenSessions(Server server, Scheduler scheduler) {
    this.server = server;
    this.scheduler = scheduler;
  }

  /**
   * The sessions of a server.
   *
   * @param server with all of its contexts
   * @return a view that is always up to date
   */
  public static OpenSessions of(Server server) {
    return of(server, Scheduler.system());
  }

  /**
   * The same, with another scheduler.
   *
   * @param server with all of its contexts
   * @param scheduler spreads the closes
   * @return a view that is always up to date
   */
  public static OpenSessions of(Server server, Scheduler scheduler) {
    return new OpenSessions(server, scheduler);
  }

  /**
   * How many sessions are open.
   *
   * @return zero or more
   */
  public int count() {
    return now().size();
  }

  /**
   * How many connections have been upgraded and are not yet, or no longer, among the sessions:
   * their endpoints are being told that they are open, or their close is under way. Whoever closes
   * all sessions waits for these first, or misses those that begin in that moment.
   *
   * @return zero or more
   */
  public int opening() {
    int upgraded = 0;
    for (Connector connector : server.getConnectors()) {
      for (EndPoint endPoint : connector.getConnectedEndPoints()) {
        if (endPoint.getConnection() instanceof WebSocketConnection) {
          upgraded++;
        }
      }
    }
    return Math.max(0, upgraded - count());
  }

  /**
   * Closes the sessions that are open now, one after another.
   *
   * @param code a code that may be sent, RFC 6455 section 7.4; 1012 before a restart
   * @param reason for the clients, at most 123 bytes in UTF-8
   * @param over the first is closed at once and the last a little before this has passed; zero
   *     closes all at once
   * @return completes when every close frame was written or could not be, at the latest one second
   *     after {@code over}; never exceptionally
   * @throws IllegalArgumentException when the code may not be sent, the reason is too long, or the
   *     time is negative
   */
  public CompletableFuture<Void> close(int code, String reason, Duration over) {
    check(code, reason, over);
    CompletableFuture<Void> all = new CompletableFuture<>();
    List<CoreSession> open = now();
    if (open.isEmpty()) {
      all.complete(null);
      return all;
    }
    AtomicInteger left = new AtomicInteger(open.size());
    Callback written =
        Callback.from(() -> {
          if (left.decrementAndGet() == 0) {
            all.complete(null);
          }
        });
    for (int i = 0; i < open.size(); i++) {
      CoreSession session = open.get(i);
      scheduler.schedule(
          () -> closeOne(session, code, reason, written),
          over.multipliedBy(i).dividedBy(open.size()));
    }
    Scheduler.Scheduled end = scheduler.schedule(() -> all.complete(null), over.plus(LAST_WRITES));
    return all.whenComplete((nothing, failure) -> end.cancel());
  }

  private void closeOne(CoreSession session, int code, String reason, Callback written) {
    try {
      server.getThreadPool().execute(() -> session.close(code, reason, written));
    } catch (RejectedExecutionException e) {
      // The server has stopped, and closed it.
      written.succeeded();
    }
  }

  private static void check(int code, String reason, Duration over) {
    if (!CloseStatus.isTransmittableStatusCode(code)) {
      throw new IllegalArgumentException(
          "code: " + code + " (expected: one that may be sent, such as 1012)");
    }
    int bytes = reason.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MOST_REASON) {
      throw new IllegalArgumentException("reason: " + bytes + " bytes (expected: <= 123)");
    }
    if (over.isNegative()) {
      throw new IllegalArgumentException("over: " + over + " (expected: >= PT0S)");
    }
  }

  private List<CoreSession> now() {
    List<CoreSession> sessions = new ArrayList<>();
    if (isPresent("org.eclipse.jetty.websocket.common.SessionTracker")) {
      JettySessions.addTo(sessions, server);
    }
    if (isPresent("org.eclipse.jetty.ee11.websocket.jakarta.common.SessionTracker")) {
      JakartaSessions.addTo(sessions, server);
    }
    return sessions;
  }

  private static boolean isPresent(String type) {
    try {
      Class.forName(type, false, OpenSessions.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Loaded only where Jetty's own API is. */
  private static final class JettySessions {
    static void addTo(List<CoreSession> sessions, Server server) {
      for (var tracker :
          server.getContainedBeans(org.eclipse.jetty.websocket.common.SessionTracker.class)) {
        for (var session : tracker.getSessions()) {
          if (session instanceof org.eclipse.jetty.websocket.common.WebSocketSession known) {
            sessions.add(known.getCoreSession());
          }
        }
      }
    }
  }

  /** Loaded only where Jakarta's API is. */
  private static final class JakartaSessions {
    static void addTo(List<CoreSession> sessions, Server server) {
      for (var tracker :
          server.getContainedBeans(
              org.eclipse.jetty.ee11.websocket.jakarta.common.SessionTracker.class)) {
        for (var session : tracker.getSessions()) {
          if (session
              instanceof
              org.eclipse.jetty.ee11.websocket.jakarta.common.JakartaWebSocketSession known) {
            sessions.add(known.getCoreSession());
          }
        }
      }
    }
  }
}
