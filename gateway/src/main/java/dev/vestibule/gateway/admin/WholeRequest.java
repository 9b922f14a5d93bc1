package dev.vestibule.gateway.admin;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;

/** Puts a request together, and says so when it has a larger body than may be. */
final class WholeRequest extends HttpObjectAggregator {

  /** The event that says so. */
  enum TooLarge {
    TOO_LARGE
  }

  WholeRequest(int mostBytes) {
    super(mostBytes, true);
  }

  /** What follows of that request is dropped. */
  @Override
  protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
    context.fireUserEventTriggered(TooLarge.TOO_LARGE);
  }
}
