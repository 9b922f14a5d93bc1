package dev.vestibule.gateway.tryout;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.net.ConnectException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A client as most are: it connects, and when that fails it comes back after a second, then two,
 * then four. It notes what it saw. Safe for use by many threads.
 */
final class Visitor {

  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final EventLoop loop;
  private final int port;
  private final int number;
  // Guarded by this.
  private final List<String> saw = new ArrayList<>();
  private CompletableFuture<Visit> visit = new CompletableFuture<>();
  private CompletableFuture<String> end = new CompletableFuture<>();

  /**
   * How it came in.
   *
   * @param came when it knocked first, in microseconds since 1970
   * @param in when it heard the server's first word
   * @param ready since when the server listened
   * @param pid the server's process
   * @param saw what it saw before, in order
   */
  record Visit(long came, long in, long ready, long pid, List<String> saw) {

    /** From ready, or from its knock if that was later, to in. */
    long lateMicros() {
      return in - Math.max(ready, came);
    }
  }

  Visitor(EventLoop loop, int port, int number) {
    this.loop = loop;
    this.port = port;
    this.number = number;
  }

  /** One thread for all of them. */
  static EventLoopGroup loop() {
    return new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  }

  int number() {
    return number;
  }

  /** Comes after a while; completes when it is in. */
  synchronized CompletableFuture<Visit> comeAfter(Duration delay) {
    visit = new CompletableFuture<>();
    end = new CompletableFuture<>();
    saw.clear();
    CompletableFuture<Visit> coming = visit;
    after(delay, () -> knock(SlowServer.now(), SlowServer.now(), FIRST_WAIT));
    return coming;
  }

  /** How its session ends: what it sees. */
  synchronized CompletableFuture<String> end() {
    return end;
  }

  private void knock(long came, long began, Duration nextWait) {
    Session session = new Session(came, began, nextWait);
    WebSocketClientProtocolConfig protocol =
        WebSocketClientProtocolConfig.newBuilder()
            .webSocketUri("ws://127.0.0.1:" + port + "/")
            // What a close frame says is told, so the session wants to see it.
            .handleCloseFrames(false)
            .handshakeTimeoutMillis(PATIENCE.toMillis())
            .build();
    ChannelFuture connect =
        new Bootstrap()
            .group(loop)
            .channel(EpollSocketChannel.class)
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel server) {
                    server
                        .pipeline()
                        .addLast(new HttpClientCodec())
                        .addLast(new HttpObjectAggregator(8 * 1024))
                        .addLast(new WebSocketClientProtocolHandler(protocol))
                        .addLast(session);
                  }
                })
            .connect(InetAddress.getLoopbackAddress(), port);
    connect.addListener(done -> {
      if (!done.isSuccess()) {
        session.failed(done.cause() instanceof ConnectException ? "refused" : "broken");
      }
    });
  }

  private void after(Duration delay, Runnable task) {
    loop.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void notIn(String what, long came, long began, Duration nextWait) {
    long waited = (SlowServer.now() - began) / 1000;
    synchronized (this) {
      saw.add(what + (waited < 100 ? "" : " after %.1f s".formatted(waited / 1000.0)));
    }
    after(nextWait, () -> knock(came, SlowServer.now(), nextWait.multipliedBy(2)));
  }

  private synchronized void in(long came, String greeting) {
    String[] words = greeting.split(" ", -1);
    visit.complete(
        new Visit(
            came,
            SlowServer.now(),
            Long.parseLong(words[0]),
            Long.parseLong(words[1]),
            List.copyOf(saw)));
  }

  private synchronized void ended(String how) {
    end.complete(how);
  }

  /** One attempt; its end is told once. */
  private final class Session extends SimpleChannelInboundHandler<WebSocketFrame> {

    private final long came;
    private final long began;
    private final Duration nextWait;
    private boolean in;
    private boolean over;

    Session(long came, long began, Duration nextWait) {
      this.came = came;
      this.began = began;
      this.nextWait = nextWait;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
      if (frame instanceof TextWebSocketFrame greeting && !in) {
        in = true;
        in(came, greeting.text());
      } else if (frame instanceof CloseWebSocketFrame close && !over) {
        String reason = close.reasonText();
        failed("close " + close.statusCode() + (reason.isEmpty() ? "" : " \"" + reason + "\""));
        ctx.writeAndFlush(close.retain());
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      failed(in ? "cut off, no close (1006)" : "broken");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      HttpResponse answer =
          cause instanceof WebSocketClientHandshakeException shake ? shake.response() : null;
      if (answer != null) {
        failed("status " + answer.status().code());
      }
      ctx.close();
    }

    void failed(String what) {
      if (over) {
        return;
      }
      over = true;
      if (in) {
        ended(what);
      } else {
        notIn(what, came, began, nextWait);
      }
    }
  }
}
