package dev.vestibule.gateway.http;

import static java.lang.System.Logger.Level.WARNING;

import dev.vestibule.Door;
import dev.vestibule.Ticker;
import dev.vestibule.gateway.PassageListener;
import dev.vestibule.gateway.config.GatewaySettings;
import dev.vestibule.gateway.config.Limits;
import dev.vestibule.gateway.tunnel.OpenTunnels;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The outer side: accepts clients, and has what their connections share. */
public final class Front {

  private static final System.Logger LOG = System.getLogger(Front.class.getName());

  private final GatewaySettings settings;
  private final RouteTable routes;
  private final OpenTunnels tunnels;
  private final PassageListener listener;
  private final Ticker ticker;
  private final EventLoopGroup loops;
  private final @Nullable SslContext tls;
  private final Forwarding forwarding;
  private final Bootstrap connecting;
  private final AtomicInteger clients = new AtomicInteger();
  private final AtomicInteger underWay = new AtomicInteger();
  private final HeldBytes held;
  private volatile boolean draining;
  private volatile @Nullable Channel server;

  /**
   * A front that does not listen yet.
   *
   * @param settings limits, trusted hops
   * @param tls null: plain
   * @param routes where paths go
   * @param tunnels where open sessions are listed
   * @param listener hears of each request and session
   * @param ticker tells the time
   * @param loops where connections live
   * @param held how much of what clients sent may be kept
   */
  public Front(
      GatewaySettings settings,
      @Nullable SslContext tls,
      RouteTable routes,
      OpenTunnels tunnels,
      PassageListener listener,
      Ticker ticker,
      EventLoopGroup loops,
      HeldBytes held) {
    this.held = held;
    this.settings = settings;
    this.tls = tls;
    this.forwarding = new Forwarding(settings.trustedHops(), tls != null);
    this.routes = routes;
    this.tunnels = tunnels;
    this.listener = listener;
    this.ticker = ticker;
    this.loops = loops;
    this.connecting =
        new Bootstrap()
            .channel(EpollSocketChannel.class)
            .disableResolver()
            .option(ChannelOption.AUTO_READ, false)
            // What a server said before it took no more is still to be read.
            .option(ChannelOption.AUTO_CLOSE, false)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .handler(
                new ChannelInboundHandlerAdapter() {
                  @Override
                  public boolean isSharable() {
                    return true;
                  }
                });
  }

  // ---- Listening.

  /**
   * Listens at the address that the settings name.
   *
   * @return where it listens
   * @throws IOException when that is not possible
   */
  public SocketAddress bind() throws IOException {
    ServerBootstrap bootstrap = accepting().channel(EpollServerSocketChannel.class);
    return started(bootstrap.bind(settings.listen()));
  }

  /**
   * Takes over a listening socket, such as one that systemd opened.
   *
   * @param descriptor its number; closed with the gateway
   * @return where it listens
   * @throws IOException when it does not listen
   */
  public SocketAddress adopt(int descriptor) throws IOException {
    return started(
        accepting().channelFactory(() -> new EpollServerSocketChannel(descriptor)).register());
  }

  /**
   * Takes over the door and those who knocked, in order.
   *
   * @param handover what the door gave
   * @return where it listens
   * @throws IOException when it does not listen
   */
  public SocketAddress adopt(Door.Handover handover) throws IOException {
    handover.listener().configureBlocking(false);
    SocketAddress at = adopt(Descriptors.of(handover.listener()));
    for (Door.Knock knock : handover.knocks()) {
      knock.channel().configureBlocking(false);
      Channel channel = new EpollSocketChannel(Descriptors.of(knock.channel()));
      channel.config().setAutoRead(false);
      channel.pipeline().addLast(new Arriving(knock.knockedAt()));
      loops.register(channel).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }
    return at;
  }

  private ServerBootstrap accepting() {
    return new ServerBootstrap()
        .group(loops)
        .option(ChannelOption.SO_BACKLOG, Door.DEFAULT_BACKLOG)
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.AUTO_READ, false)
        .childOption(ChannelOption.SO_KEEPALIVE, true)
        .childHandler(new Arriving(null));
  }

  private SocketAddress started(ChannelFuture start) throws IOException {
    Channel channel = start.awaitUninterruptibly().channel();
    if (!start.isSuccess()) {
      throw new IOException(
          "listen: " + settings.listen() + " (expected: an address that is free here)",
          start.cause());
    }
    server = channel;
    return channel.localAddress();
  }

  /** Accepts nobody any more. Waits until that is so; not for an event loop. */
  public void close() {
    ChannelFuture closing = stop();
    if (closing != null) {
      closing.awaitUninterruptibly();
    }
  }

  /**
   * The same, without waiting.
   *
   * @return done once nobody is accepted any more; null when nobody was
   */
  public @Nullable ChannelFuture stop() {
    Channel channel = server;
    return channel == null ? null : channel.close();
  }

  /**
   * How many clients are connected.
   *
   * @return held, in session, or between requests
   */
  public int clients() {
    return clients.get();
  }

  /**
   * How many requests are under way.
   *
   * @return held, on their way to an upstream, or being answered; sessions are not counted
   */
  public int underWay() {
    return underWay.get();
  }

  /** From now on every answer is the last of its connection, so that clients go elsewhere. */
  public void drain() {
    draining = true;
  }

  boolean isDraining() {
    return draining;
  }

  void begins() {
    underWay.incrementAndGet();
  }

  void isOver() {
    underWay.decrementAndGet();
  }

  private void countOne(Channel client) {
    if (clients.incrementAndGet() >= limits().maxConnections()) {
      accept(false);
    }
    client
        .closeFuture()
        .addListener(done -> {
          if (clients.getAndDecrement() == limits().maxConnections()) {
            accept(true);
          }
        });
  }

  /** Who is not accepted stays in the kernel's queue. */
  private void accept(boolean more) {
    Channel channel = server;
    if (channel != null) {
      channel
          .eventLoop()
          .execute(() ->
              channel.config().setAutoRead(more || clients.get() < limits().maxConnections()));
    }
  }

  /** Puts the pipeline of a client's connection together. */
  private final class Arriving extends ChannelInitializer<Channel> {

    private final @Nullable Long knockedAt;

    Arriving(@Nullable Long knockedAt) {
      this.knockedAt = knockedAt;
    }

    @Override
    protected void initChannel(Channel channel) {
      countOne(channel);
      if (tls != null) {
        SslHandler handler = tls.newHandler(channel.alloc());
        handler.setHandshakeTimeoutMillis(limits().headerTimeout().toMillis());
        channel.pipeline().addLast("tls", handler);
      }
      ClientConnection connection =
          new ClientConnection(Front.this, channel, knockedAt == null ? ticker.read() : knockedAt);
      channel
          .pipeline()
          .addLast(ClientConnection.DECODER, new HeadDecoder(limits().maxHeaderBytes(), connection))
          .addLast(ClientConnection.NAME, connection);
    }
  }

  // ---- What connections share.

  ChannelFuture connect(EventLoop loop, InetSocketAddress address, Duration timeout) {
    return connecting
        .clone(loop)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeout.toMillis())
        .connect(address);
  }

  Limits limits() {
    return settings.limits();
  }

  HeldBytes held() {
    return held;
  }

  Forwarding forwarding() {
    return forwarding;
  }

  RouteTable routes() {
    return routes;
  }

  OpenTunnels tunnels() {
    return tunnels;
  }

  PassageListener listener() {
    return listener;
  }

  Ticker ticker() {
    return ticker;
  }

  void log(String what, Object why) {
    LOG.log(WARNING, "{0}: {1}", what, String.valueOf(why));
  }
}
