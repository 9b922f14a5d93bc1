package dev.vestibule.gateway.admin;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import dev.vestibule.environment.EffectiveSettings;
import dev.vestibule.gateway.GatewayCount;
import dev.vestibule.gateway.Passage;
import dev.vestibule.gateway.PassageListener;
import dev.vestibule.gateway.config.AdminSettings;
import dev.vestibule.gateway.config.AdminSettings.AccessLogFormat;
import dev.vestibule.gateway.upstream.Upstream;
import io.netty.channel.EventLoopGroup;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
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

  private final Availability availability;
  private final GatewayCount count;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  // One thread, and none while nobody asks: pages, figures and what is pushed must not hold up an
  // event loop, which carries sessions.
  private final ThreadPoolExecutor aside;
  private final @Nullable AccessLog accessLog;
  private volatile @Nullable Figures figures;
  private @Nullable InetSocketAddress probes;
  private @Nullable InetSocketAddress port;

  private Admin(AdminSettings settings, Collection<Upstream> upstreams, GatewayCount count) {
    this.count = count;
    this.availability = new Availability(upstreams, settings.ready());
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
   * Opens what is wanted. Must be called before upstreams are started, so that none of their starts
   * is missed, and not on an event loop.
   *
   * @param settings what is wanted
   * @param upstreams all of them
   * @param count read for the figures
   * @param group whose event loops are used
   * @param effective shown on the admin side; null: not shown
   * @return to be told of passages, and closed
   * @throws IOException when something cannot listen where it should; the message names the setting
   *     and what was expected. Nothing is open then.
   */
  public static Admin open(
      AdminSettings settings,
      Collection<Upstream> upstreams,
      GatewayCount count,
      EventLoopGroup group,
      @Nullable EffectiveSettings effective)
      throws IOException {
    Admin admin = new Admin(settings, upstreams, count);
    try {
      admin.open(settings, group, effective);
    } catch (IOException | RuntimeException e) {
      admin.close();
      throw e;
    }
    return admin;
  }

  private void open(
      AdminSettings settings, EventLoopGroup group, @Nullable EffectiveSettings effective)
      throws IOException {
    if (settings.probes() != null) {
      Site site = new ProbesSite(availability, aside);
      probes = listen("admin.probes", group, settings.probes(), site);
      LOG.log(INFO, "probes are answered at {0}", probes);
    }
    if (settings.socket() == null && settings.port() == null) {
      return;
    }
    aside.execute(this::loadFigures);
    if (settings.port() != null) {
      InetSocketAddress at =
          new InetSocketAddress(InetAddress.getByAddress("localhost", LOOPBACK), settings.port());
      port = listen("admin.port", group, at, site(effective, true));
      LOG.log(INFO, "the admin side is at http://127.0.0.1:{0}/", Integer.toString(port.getPort()));
    }
    if (settings.socket() != null) {
      listen(group, settings.socket(), site(effective, false));
      LOG.log(INFO, "the admin side is at {0}", settings.socket());
    }
  }

  private Site site(@Nullable EffectiveSettings effective, boolean browsersReachIt) {
    return new AdminSite(availability, count, effective, this::scrape, aside, browsersReachIt);
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
      throw interrupted("admin.socket", place, e);
    } catch (Exception e) {
      throw new IOException(
          "admin.socket: %s (expected: a place where a socket can be made): %s"
              .formatted(place, e.getMessage()),
          e);
    }
  }

  private static IOException interrupted(String setting, Object at, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IOException("%s: %s: interrupted".formatted(setting, at), e);
  }

  private void loadFigures() {
    try {
      figures =
          new Figures(
              availability.upstreams(), count, accessLog == null ? () -> 0 : accessLog::dropped);
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

  /** From now on {@code /readyz} says no: the first thing to do when the process is going away. */
  public void drain() {
    availability.drain();
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
   * Stops listening, removes the socket's file and writes what the access log still has. Not to be
   * called on an event loop, and before the event loops are shut down.
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
