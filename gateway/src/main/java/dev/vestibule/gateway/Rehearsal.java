package dev.vestibule.gateway;

import static java.lang.System.Logger.Level.DEBUG;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.vestibule.Scheduler;
import dev.vestibule.Ticker;
import dev.vestibule.gateway.config.GatewaySettings;
import dev.vestibule.gateway.config.ReadinessSettings;
import dev.vestibule.gateway.config.RouteSettings;
import dev.vestibule.gateway.config.UpstreamSettings;
import dev.vestibule.gateway.http.Front;
import dev.vestibule.gateway.http.HeldBytes;
import dev.vestibule.gateway.http.RouteTable;
import dev.vestibule.gateway.tunnel.OpenTunnels;
import dev.vestibule.gateway.upstream.Upstream;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A few handshakes through a gateway that nobody else sees, while the server behind still starts:
 * the first that counts does not wait for classes to be loaded then, and those behind it not for a
 * compiler. On loopback, at ports of its own, closed when it is over.
 */
public final class Rehearsal {

  private static final System.Logger LOG = System.getLogger(Rehearsal.class.getName());

  private static final String NAME = "rehearsal";
  // The example of RFC 6455 section 1.3.
  private static final String REQUEST =
      "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
  private static final String ANSWER =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

  private final EventLoopGroup loops;
  private final Channel server;
  private final Upstream upstream;
  private final Front front;
  private final AtomicInteger left;

  private Rehearsal(EventLoopGroup loops, GatewaySettings like, int handshakes) throws IOException {
    this.loops = loops;
    this.left = new AtomicInteger(handshakes);
    this.server =
        new ServerBootstrap()
            .group(loops)
            .channel(EpollServerSocketChannel.class)
            .childHandler(new Answering())
            .bind(loopback())
            .awaitUninterruptibly()
            .channel();
    UpstreamSettings behind =
        new UpstreamSettings(
            NAME,
            (InetSocketAddress) server.localAddress(),
            new ReadinessSettings.Tcp(),
            null,
            UpstreamSettings.CONNECT_TIMEOUT,
            UpstreamSettings.ANSWER_TIMEOUT,
            UpstreamSettings.PACE);
    RouteSettings route = new RouteSettings("/**", NAME, RouteSettings.Holds.ALL, null, Set.of());
    GatewaySettings settings =
        new GatewaySettings(
            loopback(),
            null,
            List.of(behind),
            List.of(route),
            like.limits(),
            0,
            Duration.ZERO,
            Duration.ZERO,
            like.admin());
    this.upstream =
        new Upstream(
            behind, List.of(route), like.limits(), Ticker.system(), Scheduler.system(), wait -> {});
    this.front =
        new Front(
            settings,
            null,
            new RouteTable(settings.routes(), Map.of(NAME, upstream)),
            new OpenTunnels(Scheduler.system()),
            passage -> {},
            Ticker.system(),
            loops,
            HeldBytes.ofHeap());
  }

  /**
   * Begins; returns soon. What goes wrong is of no consequence. Not to be called on an event loop.
   *
   * @param loops those of the gateway that is to be fast
   * @param like its limits
   * @param handshakes how many; one or more
   */
  public static void begin(EventLoopGroup loops, GatewaySettings like, int handshakes) {
    try {
      new Rehearsal(loops, like, handshakes).run();
    } catch (IOException | RuntimeException e) {
      LOG.log(DEBUG, "no rehearsal", e);
    }
  }

  private void run() throws IOException {
    upstream.start();
    SocketAddress at = front.bind();
    // The first one waits, as those who count will.
    come(at);
    upstream.ready(upstream.startup());
  }

  private void come(SocketAddress at) {
    new Bootstrap()
        .group(loops)
        .channel(EpollSocketChannel.class)
        .handler(new Visiting(at))
        .connect(at)
        .addListener(done -> {
          if (!done.isSuccess()) {
            over(at);
          }
        });
  }

  private void over(SocketAddress at) {
    if (left.decrementAndGet() > 0) {
      come(at);
      return;
    }
    front.stop();
    server.close();
    upstream.close();
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  /** Sends a handshake, then a frame, and leaves when that came back. */
  private final class Visiting extends SimpleChannelInboundHandler<ByteBuf> {

    private final SocketAddress at;
    private boolean in;

    Visiting(SocketAddress at) {
      this.at = at;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      ctx.writeAndFlush(Unpooled.copiedBuffer(REQUEST, US_ASCII));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
      if (in) {
        ctx.close();
      } else {
        in = true;
        // An empty text frame, masked: RFC 6455 section 5.
        ctx.writeAndFlush(
            Unpooled.wrappedBuffer(new byte[] {(byte) 0x81, (byte) 0x80, 1, 2, 3, 4}));
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      over(at);
    }
  }

  /** The server behind: a 101 to whatever comes first, then an empty frame to each that comes. */
  private static final class Answering extends ChannelInitializer<Channel> {

    @Override
    protected void initChannel(Channel channel) {
      channel.pipeline().addLast(new Answer());
    }
  }

  private static final class Answer extends SimpleChannelInboundHandler<ByteBuf> {

    private boolean accepted;

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, @Nullable ByteBuf bytes) {
      if (accepted) {
        ctx.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {(byte) 0x81, 0}));
      } else {
        accepted = true;
        ctx.writeAndFlush(Unpooled.copiedBuffer(ANSWER, US_ASCII));
      }
    }
  }
}
