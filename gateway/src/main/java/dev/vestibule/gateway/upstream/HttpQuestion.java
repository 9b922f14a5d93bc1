package dev.vestibule.gateway.upstream;

import dev.vestibule.gateway.config.ReadinessSettings;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/**
 * A GET on a fresh connection. The answer is yes when the expected status and a whole body have
 * come: to read to the end is what makes no server complain of a client that hung up.
 */
final class HttpQuestion extends SimpleChannelInboundHandler<HttpObject> {

  /** A body of more is not the answer of something that is ready. */
  static final int MOST_BODY = 64 * 1024;

  private final ReadinessSettings.Http settings;
  private final InetSocketAddress at;
  private Consumer<Boolean> answer = yes -> {};
  private boolean expected;
  private long body;

  HttpQuestion(ReadinessSettings.Http settings, InetSocketAddress at) {
    this.settings = settings;
    this.at = at;
  }

  /** May call more than once; the first answer counts. */
  void ask(Channel channel, Consumer<Boolean> answer) {
    this.answer = answer;
    HttpDecoderConfig bounds =
        new HttpDecoderConfig().setMaxInitialLineLength(4096).setMaxHeaderSize(16 * 1024);
    channel.pipeline().addLast(new HttpClientCodec(bounds, false, false), this);
    DefaultFullHttpRequest request =
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, settings.path());
    request
        .headers()
        .set(HttpHeaderNames.HOST, HttpUtil.formatHostnameForHttp(at) + ":" + at.getPort())
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    ChannelFuture _ = channel.writeAndFlush(request);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
    if (part.decoderResult().isFailure()) {
      answer.accept(false);
      return;
    }
    if (part instanceof HttpResponse head) {
      boolean interim = head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
      expected = head.status().code() == settings.status();
      if (!expected && !interim) {
        answer.accept(false);
        return;
      }
    }
    if (part instanceof HttpContent content) {
      body += content.content().readableBytes();
      if (body > MOST_BODY) {
        answer.accept(false);
      } else if (part instanceof LastHttpContent && expected) {
        answer.accept(true);
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    answer.accept(false);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    answer.accept(false);
  }
}
