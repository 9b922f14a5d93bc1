package dev.vestibule.gateway.tunnel;

import dev.vestibule.Ticker;
import dev.vestibule.gateway.Ledger;
import dev.vestibule.gateway.Passage.Outcome;
import dev.vestibule.gateway.Passage.Side;
import dev.vestibule.gateway.upstream.Upstream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A session: two connections on one event loop, and the bytes between them. They pass untouched;
 * the frames are followed only to know where one ends, so that when the upstream is gone its client
 * can still be told why, by a close frame of the gateway's own.
 *
 * <p>When the upstream's connection ends without a close frame, the client gets 1012 if a restart
 * is under way, else 1014 (both in IANA's registry of WebSocket close codes). Within a frame there
 * is nothing truthful to say: the connection is cut, and counted.
 */
public final class Tunnel {

  // A client that does not read, or does not answer a close frame, is not waited for longer.
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private final Upstream upstream;
  private final OpenTunnels open;
  private final Ledger ledger;
  private final Leg client;
  private final Leg server;
  private final @Nullable Heart heart;
  // What is to be said to the client at the next boundary, and whether that was done.
  private @Nullable ByteBuf farewell;
  private int farewellCode;
  private boolean saidFarewell;
  private @Nullable ScheduledFuture<?> lastWords;
  private boolean over;

  /**
   * A tunnel; {@link #open} begins it.
   *
   * @param client its connection
   * @param server the upstream's, on the same event loop
   * @param upstream what is behind
   * @param open where it is listed while it lasts
   * @param ledger told when it is over
   * @param heartbeat how often a silent client is asked; zero: never
   * @param ticker tells the time
   */
  public Tunnel(
      Channel client,
      Channel server,
      Upstream upstream,
      OpenTunnels open,
      Ledger ledger,
      Duration heartbeat,
      Ticker ticker) {
    this.upstream = upstream;
    this.open = open;
    this.ledger = ledger;
    this.client = new Leg(this, client, server);
    this.server = new Leg(this, server, client);
    this.heart = heartbeat.isZero() ? null : new Heart(this, this.client, heartbeat, ticker);
  }

  /**
   * Begins: the last handler of both pipelines gives way to the tunnel.
   *
   * @param clientHandler name of the handler that gives way
   * @param serverHandler the same of the upstream's pipeline
   * @param early what the client sent before the 101; the tunnel releases it
   */
  public void open(String clientHandler, String serverHandler, @Nullable ByteBuf early) {
    open.add(this);
    client.channel().pipeline().replace(clientHandler, "tunnel", client);
    server.channel().pipeline().replace(serverHandler, "tunnel", server);
    if (early != null) {
      server.channel().writeAndFlush(fromClient(early), server.channel().voidPromise());
    }
    if (heart != null) {
      heart.begin();
    }
  }

  /** Reads on both sides; called once whatever was read with the handshake has been passed on. */
  public void flow() {
    client.channel().read();
    server.channel().read();
  }

  /**
   * Closes it: the client is told at the next frame boundary, and both connections end when it has
   * answered, or after five seconds. On the tunnel's own event loop.
   *
   * @param code for the close frame
   * @param reason for the close frame, at most 123 bytes
   */
  public void close(int code, String reason) {
    if (over || farewell != null || saidFarewell || server.frames.closing()) {
      return;
    }
    farewell = CloseFrames.of(client.channel().alloc(), code, reason);
    farewellCode = code;
    sayFarewell();
    lastWords = loop().schedule(this::endNow, LAST_WORDS.toNanos(), TimeUnit.NANOSECONDS);
    endIfAllIsSaid();
  }

  Upstream upstream() {
    return upstream;
  }

  EventLoop loop() {
    return client.channel().eventLoop();
  }

  boolean isAtBoundaryToClient() {
    return server.frames.atBoundary() && !server.frames.closing() && !saidFarewell;
  }

  private Leg other(Leg leg) {
    return leg == client ? server : client;
  }

  /** What of these bytes goes to the other side; null when nothing does. */
  @Nullable ByteBuf passes(Leg from, ByteBuf bytes) {
    if (from == client) {
      return fromClient(bytes);
    }
    if (saidFarewell) {
      // The client was told that this is over: frames after a close frame are not allowed.
      bytes.release();
      return null;
    }
    ledger.bytesOut += bytes.readableBytes();
    server.frames.follow(bytes);
    noteClose(server, Side.UPSTREAM);
    return bytes;
  }

  private ByteBuf fromClient(ByteBuf bytes) {
    ledger.bytesIn += bytes.readableBytes();
    ByteBuf passed = bytes;
    if (heart == null) {
      client.frames.follow(bytes);
    } else {
      passed = heart.fromClient(bytes);
    }
    noteClose(client, Side.CLIENT);
    return passed;
  }

  private void noteClose(Leg leg, Side side) {
    if (ledger.closeCode == 0 && leg.frames.closing()) {
      ledger.closeCode = leg.frames.closeCode();
      ledger.closedBy = side;
    }
  }

  void readComplete(Leg from) {
    if (from == server) {
      sayFarewell();
      if (heart != null) {
        heart.serverRead();
      }
    }
    endIfAllIsSaid();
  }

  private void endIfAllIsSaid() {
    if (saidFarewell && client.frames.closing()) {
      // Both have said goodbye: RFC 6455 section 7.1.1, the server's side closes first.
      endNow();
    }
  }

  private void sayFarewell() {
    ByteBuf frame = farewell;
    if (frame == null || !isAtBoundaryToClient()) {
      return;
    }
    farewell = null;
    saidFarewell = true;
    if (ledger.closeCode == 0) {
      ledger.closeCode = farewellCode;
      ledger.closedBy = Side.GATEWAY;
    }
    client.channel().writeAndFlush(frame, client.channel().voidPromise());
  }

  void ended(Leg leg) {
    if (over) {
      return;
    }
    if (leg == client) {
      if (ledger.closeCode == 0) {
        ledger.closedBy = Side.CLIENT;
      }
      ByteBuf rest = heart == null ? null : heart.rest();
      if (rest != null) {
        server.channel().write(rest, server.channel().voidPromise());
      }
      finish();
      Parting.from(server.channel());
    } else {
      upstreamEnded();
    }
  }

  private void upstreamEnded() {
    // Also who has said goodbye waits for an answer: without one it would see 1006.
    boolean cleanly = server.frames.closing() || saidFarewell;
    if (!cleanly && farewell == null) {
      boolean restarts = upstream.comesBack();
      farewellCode = restarts ? CloseFrames.SERVICE_RESTART : CloseFrames.BAD_GATEWAY;
      String reason = restarts ? "the server is restarting" : "the server is gone";
      farewell = CloseFrames.of(client.channel().alloc(), farewellCode, reason);
    }
    sayFarewell();
    if (!cleanly && !saidFarewell) {
      ledger.midFrame = true;
      ledger.closedBy = Side.UPSTREAM;
    }
    finish();
    Parting.from(client.channel());
  }

  /** It has not shown itself for so long that it must be gone. */
  void clientIsGone() {
    ledger.closedBy = Side.GATEWAY;
    endNow();
    client.channel().close();
  }

  /** The client takes more; called by its leg. */
  void writable(Leg leg) {
    if (leg == client && heart != null) {
      heart.clientTakes();
    }
    other(leg).resume();
  }

  /** Ends both, whatever they are at. */
  void endNow() {
    if (!over) {
      finish();
      Parting.from(client.channel());
      Parting.from(server.channel());
    }
  }

  private void finish() {
    over = true;
    open.remove(this);
    if (farewell != null) {
      farewell.release();
      farewell = null;
    }
    if (heart != null) {
      heart.stop();
    }
    if (lastWords != null) {
      lastWords.cancel(false);
    }
    ledger.end(Outcome.PASSED);
  }
}
