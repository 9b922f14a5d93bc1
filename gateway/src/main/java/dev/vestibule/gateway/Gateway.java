package dev.vestibule.gateway;

import dev.vestibule.Door;
import dev.vestibule.GateListener;
import dev.vestibule.Scheduler;
import dev.vestibule.Ticker;
import dev.vestibule.gateway.config.GatewaySettings;
import dev.vestibule.gateway.config.RouteSettings;
import dev.vestibule.gateway.config.TlsSettings;
import dev.vestibule.gateway.config.UpstreamSettings;
import dev.vestibule.gateway.http.Front;
import dev.vestibule.gateway.http.HeldBytes;
import dev.vestibule.gateway.http.RouteTable;
import dev.vestibule.gateway.tunnel.CloseFrames;
import dev.vestibule.gateway.tunnel.OpenTunnels;
import dev.vestibule.gateway.upstream.Upstream;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The gateway: clients in front, upstreams behind. Made closed; {@link #open} takes the listening
 * socket. Safe for use by many threads.
 */
public final class Gateway implements AutoCloseable {

  // As the adapters of the library do.
  private static final Duration BETWEEN_CLOSES = Duration.ofMillis(10);
  private static final String RESTARTING = "the server is restarting";
  private static final Duration HURRIED = Duration.ofSeconds(2);
  private static final Duration GLANCE = Duration.ofMillis(10);

  private final GatewaySettings settings;
  private final EventLoopGroup loops;
  private final Map<String, Upstream> upstreams;
  private final OpenTunnels tunnels;
  private final Front front;
  private volatile @Nullable SocketAddress address;
  private volatile boolean draining;

  /**
   * A gateway that does not listen yet.
   *
   * @param settings checked
   * @param passages hear of each request and session when it is over
   * @param waits hears how each arrival at a gate fares
   * @param ticker tells the time
   * @param scheduler ends waits
   * @throws IOException when the files for TLS cannot be read
   */
  public Gateway(
      GatewaySettings settings,
      List<PassageListener> passages,
      GateListener waits,
      Ticker ticker,
      Scheduler scheduler)
      throws IOException {
    this(
        settings,
        upstreams(settings, waits, ticker, scheduler),
        passages,
        ticker,
        scheduler,
        Runtime.getRuntime().availableProcessors(),
        HeldBytes.ofHeap());
  }

  /** With upstreams that are there already. */
  Gateway(
      GatewaySettings settings,
      Map<String, Upstream> upstreams,
      List<PassageListener> passages,
      Ticker ticker,
      Scheduler scheduler,
      int threads,
      HeldBytes held)
      throws IOException {
    this.settings = settings;
    this.upstreams = new TreeMap<>(upstreams);
    this.tunnels = new OpenTunnels(scheduler);
    SslContext tls = tls(settings.tls());
    this.loops = new MultiThreadIoEventLoopGroup(threads, EpollIoHandler.newFactory());
    this.front =
        new Front(
            settings,
            tls,
            new RouteTable(settings.routes(), upstreams),
            tunnels,
            PassageListener.all(passages),
            ticker,
            loops,
            held);
  }

  static Map<String, Upstream> upstreams(
      GatewaySettings settings, GateListener waits, Ticker ticker, Scheduler scheduler) {
    Map<String, Upstream> upstreams = new TreeMap<>();
    for (UpstreamSettings upstream : settings.upstreams()) {
      List<RouteSettings> routes =
          settings.routes().stream().filter(it -> it.upstream().equals(upstream.name())).toList();
      upstreams.put(
          upstream.name(),
          new Upstream(upstream, routes, settings.limits(), ticker, scheduler, waits));
    }
    return upstreams;
  }

  private static @Nullable SslContext tls(@Nullable TlsSettings files) throws IOException {
    return files == null
        ? null
        : SslContextBuilder.forServer(files.certificates().toFile(), files.key().toFile()).build();
  }

  /**
   * Listens at the address of the settings.
   *
   * @throws IOException when that is not possible
   */
  public void open() throws IOException {
    address = front.bind();
  }

  /**
   * Goes on with a door, and with those who knocked at it.
   *
   * @param handover what the door gave
   * @throws IOException when its socket cannot be used
   */
  public void open(Door.Handover handover) throws IOException {
    address = front.adopt(handover);
  }

  /**
   * Goes on with a listening socket that this process was started with.
   *
   * @param descriptor its number
   * @throws IOException when it does not listen
   */
  public void open(int descriptor) throws IOException {
    address = front.adopt(descriptor);
  }

  /**
   * Where clients connect.
   *
   * @return with the port that was chosen, if 0 was asked for
   * @throws IllegalStateException when it was not opened
   */
  public InetSocketAddress address() {
    if (address instanceof InetSocketAddress at) {
      return at;
    }
    throw new IllegalStateException("the gateway is not open");
  }

  /**
   * The event loops, for whatever else talks to somebody.
   *
   * @return nothing on them may block
   */
  public EventLoopGroup loops() {
    return loops;
  }

  /**
   * What it was told.
   *
   * @return as given
   */
  public GatewaySettings settings() {
    return settings;
  }

  /**
   * The servers behind.
   *
   * @return in order of their names
   */
  public Collection<Upstream> upstreams() {
    return upstreams.values();
  }

  /**
   * One of the servers behind.
   *
   * @param name as configured
   * @return null when there is none
   */
  public @Nullable Upstream upstream(String name) {
    return upstreams.get(name);
  }

  /**
   * The sessions that are open.
   *
   * @return always the same
   */
  public OpenTunnels tunnels() {
    return tunnels;
  }

  /**
   * How many clients are connected.
   *
   * @return held, in session, or between requests
   */
  public int clients() {
    return front.clients();
  }

  /**
   * Whether it is going away.
   *
   * @return true from {@link #drain} on
   */
  public boolean isDraining() {
    return draining;
  }

  /**
   * Goes away gently: lets newcomers in for the drain delay, then refuses them and whoever waits,
   * then closes open sessions with 1012: 100 a second, or more if they would not be told within
   * half of the grace; requests that were let in are answered. Returns when no session is open and
   * no request under way any more, and at the latest after three quarters of the grace; the rest is
   * the server's. Connections on which nothing is under way are left open. Blocks; not for an event
   * loop.
   *
   * @param atOnce somebody waits for it to end: no drain delay, all sessions are told now, and what
   *     is under way has two seconds
   * @throws InterruptedException when the thread is interrupted; sessions may be open then
   */
  public void drain(boolean atOnce) throws InterruptedException {
    draining = true;
    front.drain();
    if (!atOnce) {
      TimeUnit.NANOSECONDS.sleep(settings.drainDelay().toNanos());
    }
    upstreams.values().forEach(upstream -> upstream.gate().drain());
    Duration spread = atOnce ? Duration.ZERO : spread(tunnels.count(), settings.grace());
    tunnels.closeAll(CloseFrames.SERVICE_RESTART, RESTARTING, spread);
    Duration most = settings.grace().multipliedBy(3).dividedBy(4);
    awaitRest(atOnce && most.compareTo(HURRIED) > 0 ? HURRIED : most);
  }

  private void awaitRest(Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    while (isBusy() && System.nanoTime() - end < 0) {
      TimeUnit.NANOSECONDS.sleep(GLANCE.toNanos());
    }
  }

  private boolean isBusy() {
    // In this order: a handshake becomes a session before it ceases to be a request.
    return front.underWay() > 0 || tunnels.count() > 0;
  }

  /** Few are told at once; of many no more come back together than servers can take. */
  static Duration spread(int sessions, Duration grace) {
    Duration unhurried = BETWEEN_CLOSES.multipliedBy(sessions);
    Duration most = grace.dividedBy(2);
    return unhurried.compareTo(most) < 0 ? unhurried : most;
  }

  /** Ends everything at once: whoever is still connected sees the connection end. */
  @Override
  public void close() {
    front.close();
    upstreams.values().forEach(Upstream::close);
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
