package dev.vestibule.e2e;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.net.URI;

/** Netty's client handler, and the same with close frames left to the program. */
final class NettyCaller implements Caller {

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final boolean handlesCloseFrames;

  NettyCaller(boolean handlesCloseFrames) {
    this.handlesCloseFrames = handlesCloseFrames;
  }

  @Override
  public Class<?> library() {
    return HttpClientCodec.class;
  }

  @Override
  public void call(URI uri, Ears ears) {
    WebSocketClientProtocolConfig config =
        WebSocketClientProtocolConfig.newBuilder()
            .webSocketUri(uri)
            .subprotocol(SUBPROTOCOL)
            .handleCloseFrames(handlesCloseFrames)
            // Else it sends one of its own, which no allowlist has.
            .generateOriginHeader(false)
            .build();
    new Bootstrap()
        .group(group)
        .channel(NioSocketChannel.class)
        .handler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                channel
                    .pipeline()
                    .addLast(
                        new HttpClientCodec(),
                        new HttpObjectAggregator(8192),
                        new WebSocketClientProtocolHandler(config),
                        new Listener(ears));
              }
            })
        .connect(uri.getHost(), uri.getPort())
        .addListener(connected -> {
          if (!connected.isSuccess()) {
            ears.end(Caller.words(connected.cause()));
          }
        });
  }

  private static final class Listener extends SimpleChannelInboundHandler<WebSocketFrame> {
    private final Ears ears;

    Listener(Ears ears) {
      this.ears = ears;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event == WebSocketClientProtocolHandler.ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
        ears.saw("open");
        var _ = context.writeAndFlush(new TextWebSocketFrame(MESSAGE));
      }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
      if (frame instanceof CloseWebSocketFrame close) {
        ears.saw(Caller.close(close.statusCode(), close.reasonText()));
        var _ = context.close();
      } else if (frame instanceof TextWebSocketFrame) {
        ears.saw("echo");
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      ears.saw(
          cause instanceof WebSocketClientHandshakeException refused && refused.response() != null
              ? Caller.words(cause)
                  + Caller.response(
                      refused.response().status().code(),
                      refused.response().headers().get("Retry-After"),
                      "")
              : Caller.words(cause));
      var _ = context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      ears.end("channelInactive");
    }
  }
}
