package dev.vestibule.gateway.tunnel;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;

/**
 * One side of a tunnel: passes on what it reads, and reads no more while the other side is slow, so
 * that neither costs more memory than the write buffer's high-water mark and one read.
 */
final class Leg extends ChannelInboundHandlerAdapter {

  private final Tunnel tunnel;
  private final Channel own;
  private final Channel peer;
  final FrameFollower frames = new FrameFollower();
  private boolean stalled;

  Leg(Tunnel tunnel, Channel own, Channel peer) {
    this.tunnel = tunnel;
    this.own = own;
    this.peer = peer;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      ReferenceCountUtil.release(message);
      return;
    }
    ByteBuf passed = tunnel.passes(this, bytes);
    if (passed != null) {
      peer.write(passed, peer.voidPromise());
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    peer.flush();
    tunnel.readComplete(this);
    if (peer.isWritable()) {
      // Before the loop looks: otherwise it would take the socket's interest back and forth.
      ctx.read();
    } else {
      stalled = true;
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (own.isWritable()) {
      tunnel.writable(this);
    }
  }

  void resume() {
    if (stalled) {
      stalled = false;
      own.read();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    tunnel.ended(this);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException && own.isActive()) {
      // It takes no more; but what it said before, perhaps why, may still be there to be read. The
      // end of that follows.
      ctx.read();
    } else {
      ctx.close();
    }
  }

  Channel channel() {
    return own;
  }
}
