package dev.vestibule.gateway.admin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * An HTTP server for a handful of callers: one request per connection, few connections, little
 * time, so that nothing that goes on here is felt at the door. When there are as many connections
 * as may be, the oldest one goes: a probe is over in a moment, and who loiters must not keep it
 * out. Everything of it runs on one event loop.
 */
final class SmallServer implements AutoCloseable {

  /** At the same time. */
  static final int MOST_CONNECTIONS = 32;

  /** For a whole request to come in, and again for the whole answer to be taken. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final int MOST_LINE = 2 * 1024;
  private static final int MOST_HEADERS = 8 * 1024;
  private static final int BACKLOG = 64;

  private final Site site;
  private final Duration patience;
  private final Channel channel;
  // On the event loop alone.
  private final Deque<Channel> open = new ArrayDeque<>();

  private SmallServer(
      EventLoopGroup group,
      Class<? extends ServerChannel> kind,
      SocketAddress at,
      Site site,
      Duration patience)
      throws InterruptedException {
    this.site = site;
    this.patience = patience;
    EventLoop loop = group.next();
    this.channel =
        new ServerBootstrap()
            .group(loop, loop)
            .channel(kind)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel client) {
                    begin(client);
                  }
                })
            .bind(at)
            .sync()
            .channel();
  }

  static SmallServer at(EventLoopGroup group, InetSocketAddress at, Site site, Duration patience)
      throws InterruptedException {
    return new SmallServer(group, EpollServerSocketChannel.class, at, site, patience);
  }

  static SmallServer at(EventLoopGroup group, Path socket, Site site, Duration patience)
      throws InterruptedException {
    DomainSocketAddress at = new DomainSocketAddress(socket.toFile());
    return new SmallServer(group, EpollServerDomainSocketChannel.class, at, site, patience);
  }

  /** Where it listens; of a socket file, where that was made. */
  SocketAddress address() {
    return channel.localAddress();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // Closing is not waited for.
  private void begin(Channel client) {
    Channel oldest = open.size() < MOST_CONNECTIONS ? null : open.pollFirst();
    if (oldest != null) {
      oldest.close();
    }
    open.addLast(client);
    client.closeFuture().addListener(closed -> open.remove(client));
    HttpDecoderConfig bounds =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MOST_LINE)
            .setMaxHeaderSize(MOST_HEADERS)
            .setInitialBufferSize(128);
    client
        .pipeline()
        .addLast(new HttpServerCodec(bounds))
        .addLast(new WholeRequest(site.mostBytes()))
        .addLast(new Exchange(site, patience));
  }

  /** Stops listening and cuts off who is connected. Not to be called on an event loop. */
  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // That of each client.
  public void close() {
    channel.close().syncUninterruptibly();
    channel
        .eventLoop()
        .submit(() -> List.copyOf(open).forEach(Channel::close))
        .syncUninterruptibly();
  }
}
