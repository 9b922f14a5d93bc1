package dev.vestibule.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A connection to an upstream, and whom its answers are for. Lives on its event loop. */
final class UpstreamLink extends ChannelInboundHandlerAdapter {

  /** Its name in the pipeline. */
  static final String NAME = "link";

  private static final String CODEC = "codec";
  // Of answers. Servers are trusted with more than clients, but not with all of the memory.
  private static final int MAX_HEADER_BYTES = 64 * 1024;

  /** Whom an answer is for. */
  interface Receiver {

    /** The head of an answer; there may be several, all but the last of them 1xx. */
    void answered(HttpResponse response);

    /** Part of the body; to be released. */
    void answered(HttpContent content);

    /** What was there has been read; more is read only when asked for. */
    void upstreamReadComplete();

    /** It takes more. */
    void upstreamWritable();

    /** It ended the connection, or that broke. */
    void upstreamEnded();
  }

  private final Channel channel;
  private @Nullable Receiver receiver;
  private boolean endsByClosing;
  private boolean broken;

  private UpstreamLink(Channel channel, Receiver receiver) {
    this.channel = channel;
    this.receiver = receiver;
  }

  /** For requests, one after the other. */
  static UpstreamLink forRequests(Channel channel, Receiver receiver) {
    return new UpstreamLink(channel, receiver)
        .behind(new HttpClientCodec(HttpDecoding.config(MAX_HEADER_BYTES), false, false));
  }

  /** For one handshake, whose request is written as bytes. */
  static UpstreamLink forHandshake(Channel channel, Receiver receiver) {
    return new UpstreamLink(channel, receiver)
        .behind(new HttpResponseDecoder(HttpDecoding.config(MAX_HEADER_BYTES)));
  }

  private UpstreamLink behind(ChannelHandler codec) {
    channel.pipeline().addLast(CODEC, codec).addLast(NAME, this);
    return this;
  }

  Channel channel() {
    return channel;
  }

  /** Whether somebody else may use it. */
  boolean isIdle() {
    return receiver == null && channel.isActive();
  }

  /** The answer was whole, and the connection stays. Should anything more come, it ends. */
  void rest() {
    receiver = null;
    channel.read();
  }

  void use(Receiver next) {
    receiver = next;
  }

  /** From here on it is bytes; what was read too far comes through at once. */
  void stopDecoding() {
    channel.pipeline().remove(CODEC);
  }

  /** Nobody waits for an answer any more. */
  void close() {
    receiver = null;
    channel.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    Receiver to = receiver;
    if (to == null) {
      // An answer to nothing that was asked.
      ReferenceCountUtil.release(message);
      ctx.close();
    } else if (message instanceof HttpResponse response) {
      endsByClosing =
          !HttpUtil.isContentLengthSet(response) && !HttpUtil.isTransferEncodingChunked(response);
      to.answered(response);
    } else if (broken && endsByClosing && message instanceof LastHttpContent) {
      // To the decoder any end of the connection is the end of such an answer.
      ReferenceCountUtil.release(message);
      ended();
    } else if (message instanceof HttpContent content) {
      to.answered(content);
    } else if (message instanceof ByteBuf bytes) {
      bytes.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (receiver != null) {
      receiver.upstreamReadComplete();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (receiver != null && channel.isWritable()) {
      receiver.upstreamWritable();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    ended();
  }

  private void ended() {
    Receiver to = receiver;
    receiver = null;
    if (to != null) {
      to.upstreamEnded();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException && channel.isActive()) {
      broken = true;
      // It takes no more; but what it answered before, such as 413, may still be there to be read.
      // The end of that follows.
      ctx.read();
    } else {
      ctx.close();
    }
  }
}
