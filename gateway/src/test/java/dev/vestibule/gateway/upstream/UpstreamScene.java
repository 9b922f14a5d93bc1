package dev.vestibule.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Scheduler;
import dev.vestibule.Startup;
import dev.vestibule.StartupState;
import dev.vestibule.Ticker;
import dev.vestibule.gateway.config.Limits;
import dev.vestibule.gateway.config.ReadinessSettings;
import dev.vestibule.gateway.config.RouteSettings;
import dev.vestibule.gateway.config.UpstreamSettings;
import dev.vestibule.testkit.ManualTime;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** An upstream, an event loop, and time that the test turns. */
public final class UpstreamScene implements AutoCloseable {

  public final ManualTime time = new ManualTime();
  public final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  public final EventLoop loop = loops.next();
  public final Upstream upstream;
  public final Probing probing;

  public UpstreamScene(@Nullable InetSocketAddress at, ReadinessSettings readiness) {
    this(at, readiness, null, null);
  }

  public UpstreamScene(
      @Nullable InetSocketAddress at,
      ReadinessSettings readiness,
      @Nullable Ticker ticker,
      @Nullable Scheduler scheduler) {
    UpstreamSettings settings =
        new UpstreamSettings(
            "app",
            at,
            readiness,
            null,
            UpstreamSettings.CONNECT_TIMEOUT,
            UpstreamSettings.ANSWER_TIMEOUT,
            UpstreamSettings.PACE);
    RouteSettings route = new RouteSettings("/**", "app", RouteSettings.Holds.ALL, null, Set.of());
    Ticker clock = ticker == null ? time : ticker;
    Scheduler timer = scheduler == null ? time : scheduler;
    upstream = new Upstream(settings, List.of(route), Limits.DEFAULTS, clock, timer, ended -> {});
    probing = new Probing(loops, clock, timer);
    upstream.listen(probing);
  }

  public boolean isReady() {
    return upstream.startup().snapshot().state() == StartupState.COMPLETE;
  }

  public static boolean isReady(Startup startup) {
    return startup.snapshot().state() == StartupState.COMPLETE;
  }

  /** Waits until something is so; how long that takes does not matter. */
  public static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("gave up waiting").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  /** Waits until the loop has done what it was told to do so far, and what followed from that. */
  public void settle() {
    for (int i = 0; i < 5; i++) {
      loop.submit(() -> {}).syncUninterruptibly();
    }
  }

  @Override
  public void close() {
    probing.close();
    upstream.close();
    loops.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
