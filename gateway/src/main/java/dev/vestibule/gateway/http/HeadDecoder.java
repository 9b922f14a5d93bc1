package dev.vestibule.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.util.List;

/**
 * Reads what clients send, strictly, and says when something came, so that slow senders have a
 * deadline. A mistake in the head comes as a request, one in the body as content, whose {@code
 * decoderResult()} is a failure: see {@link HttpDecoding#mistakeIn}. Nothing is read after it.
 *
 * <p>What nobody has a use for yet, such as the next request of a connection while the one before
 * is being answered, is kept as the bytes that it came as: parsed, small requests take fifty times
 * as much.
 */
final class HeadDecoder extends HttpRequestDecoder {

  /** Whom the decoder works for. */
  interface Reader {

    /** Bytes have come. */
    void somethingCame();

    /** Whether it has a use for the next part of what came. */
    boolean wants();
  }

  private final Reader reader;
  private boolean decoding;

  HeadDecoder(int maxHeaderBytes, Reader reader) {
    super(HttpDecoding.config(maxHeaderBytes));
    this.reader = reader;
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    // RFC 9112 section 6.3 allows to ignore the length, and calls it an attempt at smuggling.
    throw new IllegalArgumentException("both Transfer-Encoding and Content-Length");
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf bytes, List<Object> out)
      throws Exception {
    if (reader.wants()) {
      super.decode(ctx, bytes, out);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    reader.somethingCame();
    take(ctx, message);
  }

  private void take(ChannelHandlerContext ctx, Object message) throws Exception {
    decoding = true;
    try {
      super.channelRead(ctx, message);
    } finally {
      decoding = false;
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    if (reader.wants()) {
      super.channelReadComplete(ctx);
    } else {
      // Netty's would read on until a message is whole.
      ctx.fireChannelReadComplete();
    }
  }

  /** How much memory what was kept takes. */
  int kept() {
    return actualReadableBytes() == 0 ? 0 : internalBuffer().capacity();
  }

  /** Goes on with what was kept, now that there may be a use for it. */
  void resume(ChannelHandlerContext ctx) {
    if (decoding) {
      // It is asked by whoever just got a part, and asks itself before it goes on to the next.
      return;
    }
    try {
      take(ctx, Unpooled.EMPTY_BUFFER);
    } catch (Exception e) {
      ctx.fireExceptionCaught(e);
    }
  }
}
