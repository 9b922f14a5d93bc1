package dev.vestibule.gateway.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;

/**
 * Reads what clients send, strictly, and says when something came, so that slow senders have a
 * deadline. A mistake in the head comes as a request, one in the body as content, whose {@code
 * decoderResult()} is a failure: see {@link HttpDecoding#mistakeIn}. Nothing is read after it.
 */
final class HeadDecoder extends HttpRequestDecoder {

  private final Runnable somethingCame;

  HeadDecoder(int maxHeaderBytes, Runnable somethingCame) {
    super(HttpDecoding.config(maxHeaderBytes));
    this.somethingCame = somethingCame;
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    // RFC 9112 section 6.3 allows to ignore the length, and calls it an attempt at smuggling.
    throw new IllegalArgumentException("both Transfer-Encoding and Content-Length");
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    somethingCame.run();
    super.channelRead(ctx, message);
  }
}
