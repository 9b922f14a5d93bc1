package dev.vestibule.gateway.http;

import dev.vestibule.Problem;
import dev.vestibule.gateway.Ledger;
import dev.vestibule.gateway.Passage.Kind;
import dev.vestibule.gateway.Passage.Outcome;
import dev.vestibule.gateway.upstream.Upstream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection: requests one after the other, each an {@link Exchange}. It is read only when
 * somebody asks for more, so what a client sends ahead stays in the kernel, beyond one read.
 *
 * <p>An upgrade is the last request of its connection: the decoder leaves the pipeline with it, and a
 * tunnel takes this handler's place, or the connection ends.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter {

  /** Its name in the pipeline. */
  static final String NAME = "client";

  static final String DECODER = "decoder";
  private static final String ENCODER = "encoder";
  // For what the client still sends, so that closing over it does not reset what it was told.
  private static final Duration LINGER = Duration.ofSeconds(2);

  private final Front front;
  private final Channel channel;
  private final Deadline deadline = new Deadline();
  private final Deque<HttpObject> ahead = new ArrayDeque<>(0);
  private long knockedAt;
  private @Nullable Exchange exchange;
  private @Nullable Upstream restedAt;
  private @Nullable UpstreamLink rested;
  private boolean headAwaited = true;
  private boolean upgrading;
  private boolean closing;
  private boolean closesAfter;

  ClientConnection(Front front, Channel channel, long knockedAt) {
    this.front = front;
    this.channel = channel;
    this.knockedAt = knockedAt;
  }

  // ---- What the client sends.

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    awaitHead(front.limits().headerTimeout(), true);
    ctx.read();
  }

  private void awaitHead(Duration atMost, boolean saysSo) {
    headAwaited = true;
    deadline.in(
        loop(),
        atMost,
        () -> {
          if (saysSo) {
            reject(null, late(atMost));
          } else {
            close();
          }
        });
  }

  /** Bytes have come, before they are decoded. */
  void firstBytes() {
    if (headAwaited && !closing) {
      headAwaited = false;
      awaitRest();
    }
  }

  private void awaitRest() {
    Duration atMost = front.limits().headerTimeout();
    deadline.in(
        loop(),
        atMost,
        () -> reject(null, late(atMost)));
  }

  private static Problem late(Duration atMost) {
    return Answers.of(408, "the request did not come within " + atMost.toMillis() + " ms");
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (closing) {
      ReferenceCountUtil.release(message);
    } else if (message instanceof ByteBuf bytes) {
      Exchange current = exchange;
      if (current == null) {
        bytes.release();
      } else {
        current.bytes(bytes);
      }
    } else if (message instanceof HttpObject object) {
      if (exchange != null && (!ahead.isEmpty() || object instanceof HttpRequest)) {
        ahead.add(object);
      } else {
        take(object);
      }
    }
  }

  private void take(HttpObject object) {
    if (object instanceof HttpRequest request) {
      deadline.met();
      headAwaited = false;
      request(request);
    } else if (object instanceof HttpContent content) {
      content(content);
    }
  }

  private void request(HttpRequest request) {
    Screened.Rejected malformed = HttpDecoding.mistakeIn(request.decoderResult());
    if (malformed != null) {
      reject(request, malformed.problem());
      return;
    }
    switch (Screening.screen(request)) {
      case Screened.Rejected rejected -> reject(request, rejected.problem());
      case Screened.PlainRequest plain -> route(request, plain.path(), null);
      case Screened.UpgradeRequest upgrade -> route(request, upgrade.path(), upgrade.key());
    }
  }

  private void route(HttpRequest request, String path, @Nullable AcceptKey upgrade) {
    RouteTable.Target target = front.routes().at(path);
    if (target == null) {
      reject(request, Answers.of(404, "no route takes this path"));
      return;
    }
    WaitLimit limit;
    try {
      limit = WaitLimit.of(request);
    } catch (IllegalArgumentException e) {
      reject(request, Answers.of(400, String.valueOf(e.getMessage())));
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
    begin(new PlainExchange(this, target, ledger, path, address, limit, request, stays));
  }

  private void upgrade(
      HttpRequest request,
      RouteTable.Target target,
      String path,
      @Nullable WaitLimit limit,
      AcceptKey key) {
    Screened.Rejected rejected =
        Screened.UpgradeRequest.originMistake(request, target.settings().origins());
    if (rejected != null || !ahead.isEmpty()) {
      reject(
          request,
          rejected == null
              ? Answers.of(400, "an upgrade was sent behind another request")
              : rejected.problem());
      return;
    }
    upgrading = true;
    Ledger ledger = ledger(Kind.UPGRADE, request, path);
    InetAddress address = forward(request, true);
    exchange =
        new UpgradeExchange(
            this, target, ledger, path, address, limit, Heads.bytes(request), key);
  }

  /** Makes of it what the upstream is sent; returns who asks, as far as that can be known. */
  private @Nullable InetAddress forward(HttpRequest request, boolean upgrade) {
    InetSocketAddress peer = (InetSocketAddress) channel.remoteAddress();
    InetSocketAddress local = (InetSocketAddress) channel.localAddress();
    InetAddress address = front.forwarding().client(request.headers(), peer);
    front.forwarding().towardsUpstream(request, upgrade, peer, local);
    return address;
  }

  private void begin(Exchange next) {
    exchange = next;
    next.begin();
  }

  private void content(HttpContent content) {
    Exchange current = exchange;
    if (current == null) {
      content.release();
      return;
    }
    if (upgrading) {
      // The end of the upgrade's head: from here on there are no requests.
      content.release();
      channel.pipeline().remove(DECODER);
      if (channel.pipeline().get(AnswerEncoder.class) != null) {
        channel.pipeline().remove(ENCODER);
      }
      current.begin();
      return;
    }
    deadline.met();
    current.content(content);
  }

  private Ledger ledger(Kind kind, @Nullable HttpRequest request, String path) {
    long since = knockedAt;
    // The next request of this connection has not waited since the first knock.
    knockedAt = front.ticker().read();
    String method = request == null ? "-" : request.method().name();
    return new Ledger(
        front.listener(), front.ticker(), since, peer(), kind, method, path);
  }

  private @Nullable InetSocketAddress peer() {
    return channel.remoteAddress() instanceof InetSocketAddress address ? address : null;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (closing) {
      ctx.read();
    } else if (exchange == null) {
      // Part of a head, so far.
      ctx.read();
    } else {
      exchange.clientReadComplete();
    }
  }

  /** More of the body, within the time that a client may be silent. */
  void readBody() {
    if (ahead.isEmpty()) {
      Duration atMost = front.limits().idleTimeout();
      deadline.in(loop(), atMost, this::bodyStopped);
      channel.read();
    }
  }

  private void bodyStopped() {
    Exchange current = exchange;
    if (current != null) {
      current.answer(Answers.problem(408, "the request's body stopped"), Outcome.REJECTED);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    gone();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException)) {
      front.log("a client's connection broke", cause);
    }
    gone();
    ctx.close();
  }

  private void gone() {
    deadline.met();
    closing = true;
    ahead.forEach(ReferenceCountUtil::release);
    ahead.clear();
    Exchange current = exchange;
    exchange = null;
    if (current != null) {
      current.clientGone();
    }
    if (rested != null) {
      rested.close();
      rested = null;
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (exchange != null && channel.isWritable()) {
      exchange.clientWritable();
    }
  }

  // ---- What the client is told.

  private void reject(@Nullable HttpRequest request, Problem problem) {
    Ledger ledger = ledger(Kind.REQUEST, request, request == null ? "-" : pathOf(request));
    ledger.status(problem.status());
    ledger.end(Outcome.REJECTED);
    answerAndClose(Answers.problem(problem));
  }

  /** As it was sent, for the log: it may be why the request was rejected. */
  private static String pathOf(HttpRequest request) {
    int query = request.uri().indexOf('?');
    return query < 0 ? request.uri() : request.uri().substring(0, query);
  }

  /** Answers, and ends the connection once the client has that. */
  void answerAndClose(FullHttpResponse answer) {
    exchange = null;
    encoder().toHead(false);
    channel.write(answer, channel.voidPromise());
    flushAndClose();
  }

  /** An answer's head, of the upstream's. */
  void relay(HttpResponse response, boolean close) {
    encoder();
    if (close) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    channel.write(response, channel.voidPromise());
  }

  void relay(HttpContent content) {
    channel.write(content, channel.voidPromise());
  }

  void relayInterim(HttpObject object) {
    encoder();
    channel.write(object, channel.voidPromise());
  }

  void toHead(boolean head) {
    encoder().toHead(head);
  }

  void closesAfter() {
    closesAfter = true;
  }

  /** The answer is whole; on to the next request, or to the end. */
  void answered(boolean requestWhole) {
    exchange = null;
    channel.flush();
    if (closesAfter || !requestWhole) {
      flushAndClose();
      return;
    }
    while (exchange == null && !closing) {
      HttpObject next = ahead.poll();
      if (next == null) {
        awaitHead(front.limits().idleTimeout(), false);
        channel.read();
        return;
      }
      take(next);
    }
    drainAhead();
  }

  /** The rest of a request that was sent ahead, up to the one behind it. */
  private void drainAhead() {
    while (exchange != null && ahead.peek() instanceof HttpContent && !(ahead.peek() instanceof HttpRequest)) {
      HttpObject next = ahead.poll();
      if (next != null) {
        take(next);
      }
    }
  }

  boolean flushAndMayWrite() {
    channel.flush();
    return channel.isWritable();
  }

  /** Ends the connection once all is written, and what the client still sends was read. */
  void flushAndClose() {
    if (closing) {
      return;
    }
    closing = true;
    exchange = null;
    deadline.in(loop(), LINGER, this::close);
    channel.writeAndFlush(io.netty.buffer.Unpooled.EMPTY_BUFFER).addListener(done -> {
      if (channel instanceof SocketChannel socket) {
        socket.shutdownOutput();
      }
      channel.read();
    });
  }

  void close() {
    deadline.met();
    closing = true;
    channel.close();
  }

  private AnswerEncoder encoder() {
    AnswerEncoder encoder = channel.pipeline().get(AnswerEncoder.class);
    if (encoder == null) {
      encoder = new AnswerEncoder();
      channel.pipeline().addBefore(NAME, ENCODER, encoder);
    }
    return encoder;
  }

  // ---- The upstream connection that the last request left.

  void rests(Upstream upstream, UpstreamLink link) {
    restedAt = upstream;
    rested = link;
  }

  @Nullable UpstreamLink takeRested(Upstream upstream) {
    UpstreamLink link = rested;
    rested = null;
    if (link == null) {
      return null;
    }
    boolean same = restedAt == upstream && link.isIdle()
        && link.channel().remoteAddress() instanceof InetSocketAddress at
        && at.equals(upstream.address());
    if (!same) {
      link.close();
      return null;
    }
    return link;
  }

  // ---- Where it belongs.

  Channel channel() {
    return channel;
  }

  EventLoop loop() {
    return channel.eventLoop();
  }

  Front front() {
    return front;
  }
}
