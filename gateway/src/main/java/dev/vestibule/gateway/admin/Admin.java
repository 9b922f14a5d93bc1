package dev.vestibule.gateway.admin;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import dev.vestibule.environment.EffectiveSettings;
import dev.vestibule.gateway.Gateway;
import dev.vestibule.gateway.Passage;
import dev.vestibule.gateway.PassageListener;
import dev.vestibule.gateway.config.AdminSettings;
import dev.vestibule.gateway.config.AdminSettings.AccessLogFormat;
import dev.vestibule.gateway.config.GatewaySettings;
import dev.vestibule.gateway.config.UpstreamSettings;
import io.netty.channel.EventLoopGroup;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Everything by which the gateway is seen: probes, the admin side, figures, the access log; as far
 * as they are wanted. What is not wanted is not loaded. Safe for use by many threads.
 */
public final class Admin implements PassageListener, AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Admin.class.getName());

  private static final byte[] LOOPBACK = {127, 0, 0, 1};
  private static final int MOST_ASKED = 64;
  private static final long IDLE_SECONDS = 10;

  private final AdminSettings settings;
  private final @Nullable EffectiveSettings effective;
  private final PassageCount count;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  // One thread, and none while nobody asks: pages, figures and what is pushed must not hold up an
  // event loop, which carries sessions.
  private final ThreadPoolExecutor aside;
  private final @Nullable AccessLog accessLog;
  private volatile @Nullable Figures figures;
  private volatile @Nullable InetSocketAddress probes;
  private volatile @Nullable InetSocketAddress port;

  /**
   * One that counts and writes the access log, and is not seen otherwise until it is opened.
   *
   * @param settings checked
   * @param effective shown on the admin side; null: not shown
   */
  public Admin(GatewaySettings settings, @Nullable EffectiveSettings effective) {
    this(settings.admin(), settings.upstreams(), effective);
  }

  Admin(
      AdminSettings settings,
      List<UpstreamSettings> upstreams,
      @Nullable EffectiveSettings effective) {
    this.settings = settings;
    this.effective = effective;
    this.count = new PassageCount(upstreams.stream().map(UpstreamSettings::name).toList());
    this.aside =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_ASKED),
            Thread.ofPlatform().daemon().name("vestibule-admin").factory());
    aside.allowCoreThreadTimeOut(true);
    this.accessLog =
        settings.accessLog() == AccessLogFormat.OFF
            ? null
            : new AccessLog(
                settings.accessLog(),
                new FileOutputStream(FileDescriptor.out),
                InstantSource.system());
  }

  /**
   * Listens where it was told to. To be called once, before upstreams are started, so that none of
   * their starts is missed; not on an event loop.
   *
   * @param gateway that this was given to as a listener
   * @throws IOException when something cannot listen where it should; the message names the setting
   *     and what was expected. What listens already does so until this is closed.
   */
  public void open(Gateway gateway) throws IOException {
    open(Inside.of(gateway));
  }

  void open(Inside inside) throws IOException {
    Availability availability = new Availability(inside, settings.ready());
    if (settings.probes() != null) {
      Site site = new ProbesSite(availability, aside);
      InetSocketAddress at = listen("probes", inside.loops(), settings.probes(), site);
      probes = at;
      LOG.log(INFO, "probes are answered at {0}", at);
    }
    if (settings.socket() == null && settings.port() == null) {
      return;
    }
    aside.execute(() -> loadFigures(inside));
    if (settings.port() != null) {
      InetSocketAddress wanted =
          new InetSocketAddress(InetAddress.getByAddress("localhost", LOOPBACK), settings.port());
      Site site = site(inside, availability, true);
      InetSocketAddress at = listen("admin-port", inside.loops(), wanted, site);
      port = at;
      LOG.log(INFO, "the admin side is at http://127.0.0.1:{0}/", Integer.toString(at.getPort()));
    }
    if (settings.socket() != null) {
      listen(inside.loops(), settings.socket(), site(inside, availability, false));
      LOG.log(INFO, "the admin side is at {0}", settings.socket());
    }
  }

  private Site site(Inside inside, Availability availability, boolean browsersReachIt) {
    return new AdminSite(
        inside, availability, count, effective, this::scrape, aside, browsersReachIt);
  }

  private InetSocketAddress listen(
      String setting, EventLoopGroup group, InetSocketAddress at, Site site) throws IOException {
    try {
      SmallServer server = SmallServer.at(group, at, site, SmallServer.PATIENCE);
      parts.addFirst(server);
      return (InetSocketAddress) server.address();
    } catch (InterruptedException e) {
      throw interrupted(setting, at, e);
    } catch (Exception e) {
      // Netty throws what the system said, whatever its kind.
      throw new IOException(
          "%s: %s (expected: an address of this machine and a port that is free): %s"
              .formatted(setting, at, e.getMessage()),
          e);
    }
  }

  private void listen(EventLoopGroup group, Path place, Site site) throws IOException {
    SocketFile file = new SocketFile(place);
    parts.addFirst(file);
    try {
      parts.addFirst(SmallServer.at(group, file.atFirst(), site, SmallServer.PATIENCE));
      file.settle();
    } catch (InterruptedException e) {
      throw interrupted("admin-socket", place, e);
    } catch (Exception e) {
      throw new IOException(
          "admin-socket: %s (expected: a place where a socket can be made): %s"
              .formatted(place, e.getMessage()),
          e);
    }
  }

  private static IOException interrupted(String setting, Object at, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IOException("%s: %s: interrupted".formatted(setting, at), e);
  }

  private void loadFigures(Inside inside) {
    try {
      figures = new Figures(inside, count, accessLog == null ? () -> 0 : accessLog::dropped);
    } catch (RuntimeException | LinkageError e) {
      LOG.log(WARNING, "there are no figures", e);
    }
  }

  /** They are loaded by the same thread, before anything is asked of it. */
  private String scrape() {
    Figures loaded = figures;
    if (loaded == null) {
      throw new IllegalStateException("there are no figures; the log says why");
    }
    return loaded.scrape();
  }

  /**
   * Where probes are answered.
   *
   * @return null: nowhere
   */
  public @Nullable InetSocketAddress probes() {
    return probes;
  }

  /**
   * Where the admin side listens on loopback.
   *
   * @return null: not on a port
   */
  public @Nullable InetSocketAddress port() {
    return port;
  }

  /**
   * A server died, and is started again by the gateway.
   *
   * @param upstream its name
   */
  public void restarted(String upstream) {
    count.of(upstream).restarted();
  }

  @Override
  public void connectFailed(String upstream) {
    count.of(upstream).connectFailed();
  }

  @Override
  public void ended(Passage passage) {
    count.ended(passage);
    Figures loaded = figures;
    if (loaded != null) {
      loaded.ended(passage);
    }
    if (accessLog != null) {
      accessLog.ended(passage);
    }
  }

  /**
   * Stops listening, removes the socket's file and writes what the access log still has. To be
   * called after the gateway has drained and before it is closed; not on an event loop.
   */
  @Override
  public void close() {
    for (AutoCloseable part : parts) {
      try {
        part.close();
      } catch (Exception e) {
        LOG.log(WARNING, "a part of the admin side did not close in order", e);
      }
    }
    aside.shutdownNow();
    if (accessLog != null) {
      accessLog.close();
    }
  }
}
