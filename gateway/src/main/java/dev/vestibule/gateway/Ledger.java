package dev.vestibule.gateway;

import dev.vestibule.Reason;
import dev.vestibule.Ticker;
import dev.vestibule.gateway.Passage.Kind;
import dev.vestibule.gateway.Passage.Outcome;
import dev.vestibule.gateway.Passage.Side;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What is noted of one request or session on its way; told once. For one event loop. */
public final class Ledger {

  private final PassageListener listener;
  private final Ticker ticker;
  private final long knockedAt;
  private final @Nullable InetSocketAddress client;
  private final Kind kind;
  private final String method;
  private final String path;
  private @Nullable String upstream;
  private @Nullable Reason reason;
  private long waited = -1;
  private int status;
  private boolean told;

  /** Counted by whoever carries the bytes. */
  public long bytesIn;

  /** Counted by whoever carries the bytes. */
  public long bytesOut;

  /** Of the first close frame; 0: none seen. */
  public int closeCode;

  /** Whose close frame that was, or who ended the connection. */
  public Side closedBy = Side.GATEWAY;

  /** Whether nothing truthful could be said at the end. */
  public boolean midFrame;

  /**
   * Begins with what is known when somebody asks.
   *
   * @param listener told at the end
   * @param ticker tells the time
   * @param knockedAt a reading of it
   * @param client who asks; null: unknown
   * @param kind what is asked for
   * @param method as it was sent
   * @param path without the query
   */
  public Ledger(
      PassageListener listener,
      Ticker ticker,
      long knockedAt,
      @Nullable InetSocketAddress client,
      Kind kind,
      String method,
      String path) {
    this.listener = listener;
    this.ticker = ticker;
    this.knockedAt = knockedAt;
    this.client = client;
    this.kind = kind;
    this.method = method;
    this.path = path;
  }

  /**
   * When the client knocked.
   *
   * @return a reading of the ticker
   */
  public long knockedAt() {
    return knockedAt;
  }

  /**
   * Notes where it goes.
   *
   * @param name the upstream's
   */
  public void upstream(String name) {
    upstream = name;
  }

  /**
   * Notes what the client is answered.
   *
   * @param code HTTP's
   */
  public void status(int code) {
    status = code;
  }

  /** The wait is over, one way or the other; the last of several counts. */
  public void waited() {
    waited = ticker.read() - knockedAt;
  }

  /**
   * The wait is over, and the gate refused.
   *
   * @param because why
   */
  public void refused(Reason because) {
    reason = because;
    waited();
  }

  /**
   * It is over.
   *
   * @param outcome how it ended; ignored when that was told before
   */
  public void end(Outcome outcome) {
    if (told) {
      return;
    }
    told = true;
    long duration = ticker.read() - knockedAt;
    listener.ended(
        new Passage(
            kind,
            outcome,
            client,
            method,
            path,
            upstream,
            status,
            reason,
            Duration.ofNanos(waited < 0 ? duration : waited),
            Duration.ofNanos(duration),
            bytesIn,
            bytesOut,
            closeCode,
            closedBy,
            midFrame));
  }
}
