package dev.vestibule.gateway.tunnel;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The end of a connection whose other side is still owed something. What was written is delivered,
 * as long as it is being taken; then the output ends; and what still comes is read and thrown away
 * for a moment, because the kernel answers bytes that nobody reads with a reset, which takes the
 * last words along (RFC 9112 section 9.6).
 *
 * <p>For one event loop.
 */
public final class Parting extends ChannelInboundHandlerAdapter {

  private static final String NAME = "parting";
  // The kernel asks for more only when a third of its buffer is free, so slow is not yet stuck.
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration LINGER = Duration.ofSeconds(2);

  private final Channel channel;
  private final @Nullable SslHandler tls;
  private @Nullable ScheduledFuture<?> timer;
  private long pending = Long.MAX_VALUE;

  private Parting(Channel channel) {
    this.channel = channel;
    this.tls = channel.pipeline().get(SslHandler.class);
  }

  /**
   * Ends a connection so. Its handlers get nothing more to read, and are told when it is closed:
   * when the other side ends it too, two seconds after the last byte was taken, or when nothing was
   * taken for 20 seconds.
   *
   * @param channel on its event loop; nothing happens when this was called before
   */
  public static void from(Channel channel) {
    if (channel.pipeline().get(NAME) != null) {
      return;
    }
    if (!channel.isActive()) {
      channel.close();
      return;
    }
    Parting parting = new Parting(channel);
    if (parting.tls == null) {
      channel.pipeline().addFirst(NAME, parting);
    } else {
      String tls = channel.pipeline().context(parting.tls).name();
      channel.pipeline().addAfter(tls, NAME, parting);
    }
    parting.begin();
  }

  private void begin() {
    look();
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> delivered());
    channel.read();
  }

  private void look() {
    ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
    long now = out == null ? 0 : out.totalPendingWriteBytes();
    if (now > 0 && now >= pending) {
      channel.close();
    } else {
      pending = now;
      in(PATIENCE, this::look);
    }
  }

  private void delivered() {
    in(LINGER, channel::close);
    if (tls == null) {
      endOutput();
    } else {
      tls.closeOutbound().addListener(done -> endOutput());
    }
  }

  private void endOutput() {
    if (channel.isActive() && channel instanceof DuplexChannel duplex) {
      duplex.shutdownOutput();
    }
  }

  private void in(Duration time, Runnable then) {
    cancel();
    if (channel.isActive()) {
      timer = channel.eventLoop().schedule(then, time.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void cancel() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ReferenceCountUtil.release(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.read();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    cancel();
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
