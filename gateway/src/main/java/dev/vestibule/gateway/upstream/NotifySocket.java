package dev.vestibule.gateway.upstream;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.WARNING;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * Where a server says how it is, by systemd's notify protocol (sd_notify(3)): a Unix datagram
 * socket whose path it finds in {@code NOTIFY_SOCKET}.
 *
 * <ul>
 *   <li>{@code READY=1}: the upstream is ready.
 *   <li>{@code STOPPING=1} and {@code RELOADING=1}: newcomers wait, for the next {@code READY=1};
 *       sessions that are cut off meanwhile hear that it comes back.
 *   <li>{@code STATUS=}: kept, see {@link #status()}.
 * </ul>
 *
 * The rest of the protocol is ignored. A datagram that is malformed or longer than 4,096 bytes is
 * ignored as a whole, and counted. Safe for use by many threads; what it hears, it passes on on its
 * event loop.
 */
public final class NotifySocket implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(NotifySocket.class.getName());

  /** {@code sun_path} of unix(7) has 108 bytes, with a zero at the end. */
  private static final int MOST_PATH_BYTES = 107;

  private static final String FILE = "notify";

  private final Upstream upstream;
  private final EventLoop loop;
  private final Path path;
  private final @Nullable Path ownDirectory;
  private final Channel channel;
  private volatile boolean closed;
  private volatile boolean claimsReady;
  private volatile @Nullable String status;
  private volatile long malformed;
  // Whether the upstream was said to come back before it said that it stops; on the loop.
  private @Nullable Boolean cameBack;

  private NotifySocket(Upstream upstream, EventLoop loop, Path path, @Nullable Path ownDirectory)
      throws IOException {
    this.upstream = upstream;
    this.loop = loop;
    this.path = path;
    this.ownDirectory = ownDirectory;
    int bytes = path.toString().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MOST_PATH_BYTES) {
      throw new IOException(
          "notify socket: %s has %d bytes (expected: <= %d)"
              .formatted(path, bytes, MOST_PATH_BYTES));
    }
    channel = bind();
  }

  /**
   * Opens a socket in a new directory that only this user can enter. Blocks while files are made,
   * so not for an event loop.
   *
   * @param upstream whom it speaks for
   * @param loop where it is heard; of epoll
   * @return listens, until it is closed
   * @throws IOException when it cannot be made
   */
  public static NotifySocket open(Upstream upstream, EventLoop loop) throws IOException {
    // Made with mode 0700, by a name that cannot be guessed.
    Path directory = Files.createTempDirectory("vestibule-");
    try {
      return new NotifySocket(upstream, loop, directory.resolve(FILE), directory);
    } catch (IOException e) {
      Files.deleteIfExists(directory);
      throw e;
    }
  }

  /**
   * Opens a socket at a path that a server was told beforehand. A socket that was left there is
   * replaced; a directory that is missing is made, and only this user can enter it then. Blocks
   * while files are made, so not for an event loop.
   *
   * @param upstream whom it speaks for
   * @param loop where it is heard; of epoll
   * @param path at most 107 bytes
   * @return listens, until it is closed
   * @throws IOException when it cannot be made, or something else than a socket is there
   */
  public static NotifySocket openAt(Upstream upstream, EventLoop loop, Path path)
      throws IOException {
    Path absolute = path.toAbsolutePath();
    Path directory = absolute.getParent();
    if (directory != null && !Files.isDirectory(directory)) {
      var onlyThisUser = PosixFilePermissions.fromString("rwx------");
      Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(onlyThisUser));
    }
    if (Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
      if (!isSocket(absolute)) {
        throw new IOException("notify socket: %s (expected: a socket or nothing)".formatted(path));
      }
      Files.delete(absolute);
    }
    return new NotifySocket(upstream, loop, absolute, null);
  }

  private static boolean isSocket(Path path) throws IOException {
    int socket = 0xC000; // S_IFSOCK of S_IFMT, inode(7)
    Object mode = Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    return ((Integer) mode & 0xF000) == socket;
  }

  private Channel bind() throws IOException {
    var bound =
        new Bootstrap()
            .group(loop)
            .channel(EpollDomainDatagramChannel.class)
            // One more than is allowed tells a datagram of just that size from a longer one.
            .option(
                ChannelOption.RECVBUF_ALLOCATOR,
                new FixedRecvByteBufAllocator(Notification.MOST_BYTES + 1))
            .handler(new Heard())
            .bind(new DomainSocketAddress(path.toFile()))
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException("notify socket: cannot be made at " + path, bound.cause());
    }
    return bound.channel();
  }

  /**
   * What {@code NOTIFY_SOCKET} must be.
   *
   * @return absolute
   */
  public Path path() {
    return path;
  }

  /**
   * Whether the last that was said of it was that it is ready.
   *
   * @return false until {@code READY=1}, and after {@code STOPPING=1} or {@code RELOADING=1}
   */
  public boolean claimsReady() {
    return claimsReady;
  }

  /**
   * What it said of itself last.
   *
   * @return one line of at most 200 characters, without those that control a terminal; null while
   *     it said nothing
   */
  public @Nullable String status() {
    return status;
  }

  /**
   * How many datagrams were ignored because they were malformed.
   *
   * @return zero or more
   */
  public long malformed() {
    return malformed;
  }

  /**
   * Nothing that is said from now on counts, if this is called on its loop; else, soon. The socket
   * and the directory that was made for it are removed by whoever calls this.
   */
  @Override
  public void close() {
    closed = true;
    ChannelFuture _ = channel.close();
    try {
      Files.deleteIfExists(path);
      if (ownDirectory != null) {
        Files.deleteIfExists(ownDirectory);
      }
    } catch (IOException e) {
      LOG.log(WARNING, "notify socket: cannot be removed from " + path, e);
    }
  }

  private void hear(Notification heard) {
    if (heard.status() != null) {
      status = heard.status();
      LOG.log(DEBUG, "upstream {0}: {1}", upstream.name(), heard.status());
    }
    for (Notification.Said said : heard.said()) {
      switch (said) {
        case READY -> ready();
        case STOPPING -> away("it says that it stops");
        case RELOADING -> away("it says that it reloads");
      }
    }
  }

  private void ready() {
    claimsReady = true;
    if (cameBack != null) {
      upstream.comesBack(cameBack);
      cameBack = null;
    }
    upstream.ready(upstream.startup());
  }

  private void away(String why) {
    boolean first = cameBack == null;
    claimsReady = false;
    if (first) {
      cameBack = upstream.comesBack();
      upstream.comesBack(true);
      upstream.lost(upstream.startup(), new IllegalStateException(why));
    }
  }

  /** Datagrams, on the loop. */
  private final class Heard extends SimpleChannelInboundHandler<DomainDatagramPacket> {

    @Override
    protected void channelRead0(ChannelHandlerContext context, DomainDatagramPacket packet) {
      if (closed) {
        return;
      }
      Notification heard = Notification.parse(ByteBufUtil.getBytes(packet.content()));
      if (heard == null) {
        ignore();
      } else {
        hear(heard);
      }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // On the loop alone.
    private void ignore() {
      malformed++;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      LOG.log(WARNING, "notify socket: " + path, cause);
    }
  }
}
