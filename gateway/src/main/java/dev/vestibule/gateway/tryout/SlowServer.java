package dev.vestibule.gateway.tryout;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;

/**
 * A server that needs a while before it listens, as servers do that load a model or wait for a
 * database; then it greets each WebSocket with the time since when it listens and its process id,
 * and echoes text.
 */
final class SlowServer {

  private SlowServer() {}

  /**
   * Starts it at the port that the variable {@code PORT} names, on loopback.
   *
   * @param args how long it needs, in milliseconds
   * @throws Exception when that port is taken, or when it is interrupted
   */
  public static void main(String[] args) throws Exception {
    long begun = System.nanoTime();
    rehearse();
    long left = Long.parseLong(args[0]) * 1_000_000 - (System.nanoTime() - begun);
    TimeUnit.NANOSECONDS.sleep(left);
    listen(Integer.parseInt(System.getenv("PORT")));
    Thread.currentThread().join();
  }

  /**
   * One client at a server in this process, so that the first that counts does not wait for classes
   * to be loaded: that would be Java's time, not the gate's.
   */
  static void rehearse() throws Exception {
    Channel server = listen(0);
    int port = ((InetSocketAddress) server.localAddress()).getPort();
    EventLoopGroup loop = Visitor.loop();
    try {
      new Visitor(loop.next(), port, 0).comeAfter(Duration.ZERO).get(10, TimeUnit.SECONDS);
    } finally {
      loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      server.close().sync();
      server.eventLoop().parent().shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }
  }

  private static Channel listen(int port) throws InterruptedException {
    Greeting greeting = new Greeting();
    Channel channel =
        new ServerBootstrap()
            .group(new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()))
            .channel(EpollServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel client) {
                    client
                        .pipeline()
                        .addLast(new HttpServerCodec())
                        .addLast(new HttpObjectAggregator(8 * 1024))
                        .addLast(new WebSocketServerProtocolHandler("/"))
                        .addLast(new Echo(greeting));
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), port)
            .sync()
            .channel();
    greeting.listensSince = now();
    return channel;
  }

  /** Microseconds since 1970, by the clock that all processes of a machine share. */
  static long now() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  /** What each client hears first. */
  private static final class Greeting {

    volatile long listensSince = now();

    @Override
    public String toString() {
      return listensSince + " " + ProcessHandle.current().pid();
    }
  }

  private static final class Echo extends SimpleChannelInboundHandler<TextWebSocketFrame> {

    private final Greeting greeting;

    Echo(Greeting greeting) {
      this.greeting = greeting;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete) {
        ctx.writeAndFlush(new TextWebSocketFrame(greeting.toString()));
      }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, TextWebSocketFrame frame) {
      ctx.writeAndFlush(frame.retain());
    }
  }
}
