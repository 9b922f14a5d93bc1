package dev.vestibule.gateway.http;

import dev.vestibule.gateway.Ledger;
import dev.vestibule.gateway.Passage.Kind;
import dev.vestibule.gateway.Passage.Outcome;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection: requests one after the other, each an {@link Exchange}. It is read only
 * when somebody asks for more, so what a client sends ahead stays in the kernel, beyond one read.
 *
 * <p>An upgrade is the last request of its connection: the decoder leaves the pipeline with it, and
 * a tunnel takes this handler's place, or the connection ends.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter implements HeadDecoder.Reader {

  /** Its name in the pipeline. */
  static final String NAME = "client";

  static final String DECODER = "decoder";
  private static final String WEBSOCKET_VERSION = "13";

  private final Front front;
  private final Channel channel;
  private final Outgoing out;
  private final Rested rested = new Rested();
  private final Deadline deadline = new Deadline();
  private long knockedAt;
  private @Nullable Exchange exchange;
  private boolean headAwaited = true;
  private boolean answered;
  private boolean upgrading;
  private boolean closing;

  ClientConnection(Front front, Channel channel, long knockedAt) {
    this.front = front;
    this.channel = channel;
    this.out = new Outgoing(channel);
    this.knockedAt = knockedAt;
  }

  // ---- What the client sends, and how long it may take.

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    Duration atMost = front.limits().headerTimeout();
    deadline.in(loop(), atMost, () -> late(atMost));
    ctx.read();
  }

  @Override
  public void somethingCame() {
    if (headAwaited && !closing) {
      headAwaited = false;
      if (answered) {
        // It was idle until now, which is not waiting.
        knockedAt = front.ticker().read();
      }
      Duration atMost = front.limits().headerTimeout();
      deadline.in(loop(), atMost, () -> late(atMost));
    }
  }

  @Override
  public boolean wants() {
    Exchange current = exchange;
    return current == null ? out.isWritable() : current.wantsContent();
  }

  private void late(Duration atMost) {
    reject(null, Answers.problem(408, "no request within " + atMost.toMillis() + " ms"));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    Exchange current = exchange;
    if (closing) {
      ReferenceCountUtil.release(message);
    } else if (message instanceof HttpRequest request) {
      deadline.met();
      headAwaited = false;
      request(request);
    } else if (current == null) {
      ReferenceCountUtil.release(message);
    } else if (message instanceof HttpContent content) {
      content(current, content);
    } else if (message instanceof ByteBuf bytes) {
      current.bytes(bytes);
    }
  }

  private void content(Exchange current, HttpContent content) {
    if (upgrading) {
      // The end of the upgrade's head: from here on there are no requests.
      content.release();
      channel.pipeline().remove(DECODER);
      out.stopEncoding();
      if (exchange != null) {
        // Not over yet: what came behind the head was passed on just now.
        current.begin();
      }
    } else {
      deadline.met();
      current.content(content);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (exchange != null) {
      exchange.clientReadComplete();
    } else if (!closing && out.isWritable()) {
      // Part of a head, so far.
      ctx.read();
    }
  }

  /** More of the body, within the time that a client may be silent. */
  void readBody() {
    resume();
    if (exchange != null && exchange.wantsContent()) {
      deadline.in(loop(), front.limits().idleTimeout(), this::bodyStopped);
      channel.read();
    }
  }

  private void bodyStopped() {
    if (exchange != null) {
      exchange.answer(Answers.problem(408, "the request's body stopped"), Outcome.REJECTED);
    }
  }

  /** How much memory what was read ahead takes. */
  int kept() {
    ChannelHandlerContext decoder = channel.pipeline().context(DECODER);
    return decoder == null ? 0 : ((HeadDecoder) decoder.handler()).kept();
  }

  private void resume() {
    ChannelHandlerContext decoder = channel.pipeline().context(DECODER);
    if (decoder != null) {
      ((HeadDecoder) decoder.handler()).resume(decoder);
    }
  }

  // ---- Where a request goes.

  private void request(HttpRequest request) {
    switch (Screening.screen(request, front.routes().pathMatters())) {
      case Screened.Rejected rejected -> reject(request, Answers.problem(rejected.problem()));
      case Screened.PlainRequest plain -> route(request, plain.path(), null);
      case Screened.UpgradeRequest upgrade -> route(request, upgrade.path(), upgrade.key());
    }
  }

  private void route(HttpRequest request, String path, @Nullable AcceptKey upgrade) {
    RouteTable.Target target = front.routes().at(path);
    if (target == null) {
      reject(request, Answers.problem(404, "no route takes this path"));
      return;
    }
    WaitLimit limit;
    try {
      limit = WaitLimit.of(request);
    } catch (IllegalArgumentException e) {
      reject(request, Answers.problem(400, String.valueOf(e.getMessage())));
      return;
    }
    if (upgrade == null) {
      plain(request, target, path, limit);
    } else {
      upgrade(request, target, path, limit, upgrade);
    }
  }

  private void plain(
      HttpRequest request, RouteTable.Target target, String path, @Nullable WaitLimit limit) {
    boolean stays = HttpUtil.isKeepAlive(request);
    Ledger ledger = ledger(Kind.REQUEST, request, path);
    InetAddress address = forward(request, false);
    if (!request.headers().contains(HttpHeaderNames.HOST)) {
      // Allowed in HTTP/1.0, but not in what it is passed on as; RFC 9112 section 3.2.
      InetSocketAddress here = (InetSocketAddress) channel.localAddress();
      request.headers().set(HttpHeaderNames.HOST, NetUtil.toSocketAddressString(here));
    }
    PlainExchange next =
        new PlainExchange(this, target, ledger, path, address, limit, request, stays);
    exchange = next;
    next.begin();
  }

  private void upgrade(
      HttpRequest request,
      RouteTable.Target target,
      String path,
      @Nullable WaitLimit limit,
      AcceptKey key) {
    Screened.Rejected rejected =
        Screened.UpgradeRequest.originMistake(request, target.settings().origins());
    if (rejected != null) {
      reject(request, Answers.problem(rejected.problem()));
      return;
    }
    String version = request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_VERSION);
    if (!WEBSOCKET_VERSION.equals(version) && !target.gated().isOpen()) {
      // Only the server knows all that it speaks, but what it will say is not worth holding for.
      reject(request, Answers.otherVersion());
      return;
    }
    upgrading = true;
    Ledger ledger = ledger(Kind.UPGRADE, request, path);
    InetAddress address = forward(request, true);
    // Begins with the end of the head.
    exchange =
        new UpgradeExchange(this, target, ledger, path, address, limit, Heads.bytes(request), key);
  }

  /** Makes of it what the upstream is sent; returns who asks, as far as that can be known. */
  private @Nullable InetAddress forward(HttpRequest request, boolean upgrade) {
    InetSocketAddress peer = (InetSocketAddress) channel.remoteAddress();
    InetSocketAddress local = (InetSocketAddress) channel.localAddress();
    InetAddress address = front.forwarding().client(request.headers(), peer);
    front.forwarding().towardsUpstream(request, upgrade, peer, local);
    return address;
  }

  private Ledger ledger(Kind kind, @Nullable HttpRequest request, String path) {
    long since = knockedAt;
    // The next request of this connection has not waited since the first knock.
    knockedAt = front.ticker().read();
    String method = request == null ? "-" : request.method().name();
    return new Ledger(front.listener(), front.ticker(), since, peer(), kind, method, path);
  }

  private @Nullable InetSocketAddress peer() {
    return channel.remoteAddress() instanceof InetSocketAddress address ? address : null;
  }

  // ---- What becomes of it.

  private void reject(@Nullable HttpRequest request, FullHttpResponse answer) {
    Ledger ledger = ledger(Kind.REQUEST, request, request == null ? "-" : pathOf(request));
    ledger.status(answer.status().code());
    ledger.end(Outcome.REJECTED);
    boolean toHead = request != null && request.method().equals(HttpMethod.HEAD);
    answer(answer, toHead, false);
  }

  /** As it was sent, for the log: it may be why the request was rejected. */
  private static String pathOf(HttpRequest request) {
    int query = request.uri().indexOf('?');
    return query < 0 ? request.uri() : request.uri().substring(0, query);
  }

  /** An answer of the gateway's own. */
  void answer(FullHttpResponse answer, boolean toHead, boolean stays) {
    out.answer(answer, toHead, stays);
    answered(stays);
  }

  /** The answer is whole; on to the next request, or to the end. */
  void answered(boolean stays) {
    exchange = null;
    if (!stays) {
      end();
      out.part();
      return;
    }
    out.flush();
    answered = true;
    knockedAt = front.ticker().read();
    headAwaited = true;
    deadline.in(loop(), front.limits().idleTimeout(), this::close);
    next();
  }

  private void next() {
    // Not to those who ask and do not listen: answers would pile up.
    if (exchange == null && !closing && out.isWritable()) {
      resume();
      if (exchange != null) {
        exchange.clientReadComplete();
      } else if (!closing) {
        channel.read();
      }
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (!channel.isWritable()) {
      return;
    }
    if (exchange == null) {
      next();
    } else {
      exchange.clientWritable();
    }
  }

  // ---- The end.

  /** In the middle of an answer: the client must see that it is not whole. */
  void cut() {
    end();
    out.cut();
  }

  void close() {
    end();
    channel.close();
  }

  private void end() {
    deadline.met();
    rested.close();
    exchange = null;
    closing = true;
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    Exchange current = exchange;
    end();
    if (current != null) {
      current.clientGone();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    Throwable root =
        cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
    // Broken connections and failed handshakes of TLS are the clients' business.
    if (!(root instanceof IOException)) {
      front.log("a client's connection broke", cause);
    }
    ctx.close();
  }

  // ---- Where it belongs.

  Channel channel() {
    return channel;
  }

  Outgoing out() {
    return out;
  }

  Rested rested() {
    return rested;
  }

  EventLoop loop() {
    return channel.eventLoop();
  }

  Front front() {
    return front;
  }
}
