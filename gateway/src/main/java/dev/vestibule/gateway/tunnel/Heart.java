package dev.vestibule.gateway.tunnel;

import dev.vestibule.Ticker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Drives a tunnel's {@link Heartbeat} by its event loop's timer. */
final class Heart {

  private final Tunnel tunnel;
  private final Channel client;
  private final Ticker ticker;
  private final Heartbeat heartbeat;
  private @Nullable ScheduledFuture<?> next;
  private boolean atNextBoundary;

  Heart(Tunnel tunnel, Leg client, Duration interval, Ticker ticker) {
    this.tunnel = tunnel;
    this.client = client.channel();
    this.ticker = ticker;
    this.heartbeat = new Heartbeat(interval, client.frames, ticker.read());
  }

  void begin() {
    next =
        client
            .eventLoop()
            .schedule(this::look, heartbeat.nextIn(ticker.read()), TimeUnit.NANOSECONDS);
  }

  void stop() {
    if (next != null) {
      next.cancel(false);
    }
  }

  /** What of these bytes goes on to the server. */
  ByteBuf fromClient(ByteBuf bytes) {
    return heartbeat.filter(bytes, ticker.read());
  }

  /** What was withheld of the client's last bytes. */
  @Nullable ByteBuf rest() {
    return heartbeat.restOrNull();
  }

  /** The client takes bytes again. */
  void clientTakes() {
    heartbeat.heard(ticker.read());
  }

  /** What goes to the client may be at the end of a frame. */
  void serverRead() {
    if (atNextBoundary) {
      ping();
    }
  }

  private void look() {
    switch (heartbeat.due(ticker.read())) {
      case NOTHING -> atNextBoundary = false;
      case PING -> ping();
      case GONE -> {
        tunnel.clientIsGone();
        return;
      }
    }
    begin();
  }

  private void ping() {
    long now = ticker.read();
    if (!client.isWritable()) {
      heartbeat.blocked(now);
    } else if (tunnel.isAtBoundaryToClient()) {
      client.writeAndFlush(heartbeat.ping(client.alloc(), now), client.voidPromise());
    } else {
      atNextBoundary = true;
      return;
    }
    atNextBoundary = false;
  }
}
