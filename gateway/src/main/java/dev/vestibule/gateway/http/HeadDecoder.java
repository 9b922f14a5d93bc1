package dev.vestibule.gateway.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;

/** Reads requests, strictly, and says when something came, so that slow senders have a deadline. */
final class HeadDecoder extends HttpRequestDecoder {

  private final Runnable somethingCame;

  HeadDecoder(int maxHeaderBytes, Runnable somethingCame) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(maxHeaderBytes)
            .setMaxHeaderSize(maxHeaderBytes)
            .setStrictLineParsing(true)
            .setUseRfc9112TransferEncoding(true));
    this.somethingCame = somethingCame;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    somethingCame.run();
    super.channelRead(ctx, message);
  }
}
