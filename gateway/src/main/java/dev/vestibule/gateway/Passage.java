package dev.vestibule.gateway;

import dev.vestibule.Reason;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What became of one request or session, told once when it is over.
 *
 * @param kind upgrade or plain request
 * @param outcome how it ended
 * @param client who asked, as far as that is known
 * @param method as it was sent; {@code -} where there was none that could be read
 * @param path without the query, which may hold secrets
 * @param upstream its name; null where no route took the path
 * @param status that the client was sent; 0: none
 * @param reason why it was refused; null when it was not
 * @param waited from the knock until it was let in or refused
 * @param duration from the knock to the end
 * @param bytesIn from the client, after the request's head
 * @param bytesOut to the client, after the answer's head
 * @param closeCode of the first close frame; 0: none seen
 * @param closedBy whose that was, or who ended the connection without one
 * @param midFrame whether the session was cut within a frame because the upstream was gone, so that
 *     nothing could be said
 */
public record Passage(
    Kind kind,
    Outcome outcome,
    @Nullable InetSocketAddress client,
    String method,
    String path,
    @Nullable String upstream,
    int status,
    @Nullable Reason reason,
    Duration waited,
    Duration duration,
    long bytesIn,
    long bytesOut,
    int closeCode,
    Side closedBy,
    boolean midFrame) {

  /** What was asked for. */
  public enum Kind {
    /** A WebSocket. */
    UPGRADE,
    /** Anything else. */
    REQUEST
  }

  /** How it ended. */
  public enum Outcome {
    /** It was let in, and the upstream answered; for an upgrade, with 101. */
    PASSED,
    /** The gate refused it: 503 with a reason. */
    REFUSED,
    /** It was bad: 4xx of the gateway's own. */
    REJECTED,
    /** The client went away before it was answered. */
    LEFT,
    /** It was let in, and the upstream did not answer as it should: 502 or 504, or cut. */
    FAILED
  }

  /** Who did something. */
  public enum Side {
    /** The client. */
    CLIENT,
    /** The server behind. */
    UPSTREAM,
    /** The gateway itself. */
    GATEWAY
  }
}
