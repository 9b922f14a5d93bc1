package dev.vestibule.gateway.admin;

import dev.vestibule.environment.EffectiveSettings;
import dev.vestibule.gateway.config.AdminSettings;
import dev.vestibule.gateway.config.Limits;
import dev.vestibule.gateway.config.ReadinessSettings;
import dev.vestibule.gateway.config.RouteSettings;
import dev.vestibule.gateway.config.UpstreamSettings;
import dev.vestibule.gateway.upstream.Upstream;
import dev.vestibule.testkit.ManualTime;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the admin side shows: upstreams whose time stands still, and event loops. */
final class House implements AutoCloseable {

  static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  final ManualTime time = new ManualTime();
  final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  final Upstream shop =
      upstream("shop", "/shop/**", new ReadinessSettings.Pushed(List.of("database", "cache")));
  final Upstream app = upstream("app", "/**", new ReadinessSettings.Tcp());
  volatile boolean draining;
  volatile int sessionsOfApp;
  final Inside inside =
      new Inside(
          List.of(shop, app), () -> 3, it -> it == app ? sessionsOfApp : 0, () -> draining, group);

  private Upstream upstream(String name, String pattern, ReadinessSettings readiness) {
    return new Upstream(
        new UpstreamSettings(
            name,
            ANY_PORT,
            readiness,
            null,
            UpstreamSettings.CONNECT_TIMEOUT,
            UpstreamSettings.ANSWER_TIMEOUT,
            UpstreamSettings.PACE),
        List.of(new RouteSettings(pattern, name, RouteSettings.Holds.ALL, null, Set.of())),
        Limits.DEFAULTS,
        time,
        time,
        wait -> {});
  }

  Admin open(AdminSettings settings, @Nullable EffectiveSettings effective) throws IOException {
    Admin admin = new Admin(settings, List.of(shop.settings(), app.settings()), effective);
    try {
      admin.open(inside);
    } catch (IOException e) {
      admin.close();
      throw e;
    }
    return admin;
  }

  @Override
  public void close() {
    shop.close();
    app.close();
    group.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).syncUninterruptibly();
  }
}
