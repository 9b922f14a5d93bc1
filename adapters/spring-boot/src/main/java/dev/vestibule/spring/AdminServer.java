package dev.vestibule.spring;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * The admin side: a server of its own with a few threads of its own, so that nothing that goes
 * wrong here is felt at the door; not even that it cannot listen, which is logged. It is up before
 * the application's beans are made, since they are what one may be waiting for, and until the
 * context has gone. Safe for use by many threads.
 */
public final class AdminServer implements SmartInitializingSingleton, DisposableBean {

  private static final System.Logger LOG = System.getLogger(AdminServer.class.getName());

  // Streams hold none of them.
  private static final int THREADS = 8;

  /** Where its own page is. */
  static final String STARTUP = "/startupz";

  private final Server server;
  private final ServerConnector connector;
  private final AdminBorder border;
  private final ObjectProvider<AdminHandler> more;

  AdminServer(
      InetAddress address,
      int port,
      AdminBorder border,
      Handler startup,
      ObjectProvider<AdminHandler> more) {
    this.more = more;
    QueuedThreadPool threads = new QueuedThreadPool(THREADS, 1);
    threads.setName("vestibule-admin");
    threads.setDaemon(true);
    server = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(address.getHostAddress());
    connector.setPort(port);
    server.addConnector(connector);
    ErrorHandler errors = new ErrorHandler();
    errors.setShowStacks(false);
    server.setErrorHandler(errors);
    this.border = border;
    server.setHandler(border);
    start(address, port, startup);
  }

  private void start(InetAddress address, int port, Handler startup) {
    try {
      border.add(STARTUP, startup);
      server.start();
    } catch (Exception e) {
      LOG.log(
          WARNING,
          "vestibule.admin.port: {0} (expected: a port that is free); there is no admin side: {1}",
          Integer.toString(port),
          e);
      return;
    }
    LOG.log(INFO, "the admin side is at {0}", url());
    if (!address.isLoopbackAddress()) {
      LOG.log(
          WARNING,
          "the admin side tells causes and clients'' addresses to whoever reaches {0}",
          address.getHostAddress());
    }
  }

  /**
   * Where it is.
   *
   * @return the URL of its page; null when it could not listen
   */
  public @Nullable String url() {
    if (!(connector.isOpen()
        && connector.getTransport() instanceof java.nio.channels.ServerSocketChannel socket)) {
      return null;
    }
    try {
      InetSocketAddress at = (InetSocketAddress) socket.getLocalAddress();
      InetAddress address = at.getAddress();
      String host = address.getHostAddress();
      String shown = address.isAnyLocalAddress() ? "localhost" : host;
      return "http://%s:%d/startupz"
          .formatted(shown.contains(":") ? "[" + shown + "]" : shown, at.getPort());
    } catch (java.io.IOException e) {
      return null;
    }
  }

  /** Now whatever else there is to show can be asked for without making it too early. */
  @Override
  public void afterSingletonsInstantiated() {
    if (!server.isStarted()) {
      return;
    }
    try {
      for (AdminHandler handler : more.orderedStream().toList()) {
        add(handler);
      }
    } catch (RuntimeException e) {
      LOG.log(WARNING, "a part of the admin side is not there", e);
    }
  }

  private void add(AdminHandler handler) {
    try {
      if (!border.add(handler.path(), handler.handler())) {
        LOG.log(WARNING, "the admin side has one handler of {0} already", handler.path());
      }
    } catch (Exception e) {
      LOG.log(WARNING, "a part of the admin side is not there: " + handler.path(), e);
    }
  }

  @Override
  public void destroy() {
    try {
      server.stop();
    } catch (Exception e) {
      LOG.log(WARNING, "the admin side did not stop in order", e);
    }
  }
}
