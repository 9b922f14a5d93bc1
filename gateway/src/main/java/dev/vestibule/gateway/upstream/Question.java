package dev.vestibule.gateway.upstream;

import dev.vestibule.Scheduler;
import dev.vestibule.gateway.config.ReadinessSettings;
import dev.vestibule.gateway.config.UpstreamSettings;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One question to an upstream: does it accept a connection, and if that was asked for, answer a GET
 * as it should? Answered once, yes or no, on the loop; bounded in time and bytes.
 */
final class Question {

  /** How long a connection to elsewhere may take, if the upstream's own bound is not less. */
  static final Duration CONNECT = Duration.ofSeconds(1);

  /**
   * On loopback. There a connection is made at once or its packet was dropped, because the queue of
   * those to be accepted is full; the kernel tries again after a second only, we sooner.
   */
  static final Duration CONNECT_LOOPBACK = Duration.ofMillis(250);

  /** How long the whole answer to a GET may take, once connected. */
  static final Duration ANSWER = Duration.ofSeconds(2);

  private final UpstreamSettings settings;
  private final ReadinessSettings.@Nullable Http http;
  private final EventLoop loop;
  private final Scheduler scheduler;
  private Consumer<Boolean> answer = yes -> {};
  private boolean answered;
  private @Nullable Channel channel;
  private Scheduler.@Nullable Scheduled limit;

  Question(
      UpstreamSettings settings,
      ReadinessSettings.@Nullable Http http,
      EventLoop loop,
      Scheduler scheduler) {
    this.settings = settings;
    this.http = http;
    this.loop = loop;
    this.scheduler = scheduler;
  }

  void ask(InetSocketAddress at, Consumer<Boolean> answer) {
    this.answer = answer;
    ChannelFuture connecting =
        new Bootstrap()
            .group(loop)
            .channel(EpollSocketChannel.class)
            // The limit below is the one that counts, since tests can turn its time.
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
            .handler(new ChannelInboundHandlerAdapter())
            .connect(at);
    channel = connecting.channel();
    ChannelFuture _ = connecting.addListener(done -> connected(at, done.isSuccess()));
    // On loopback there is an answer in the loop's next task, and mostly nothing to wait for.
    loop.execute(() -> {
      if (!answered && !connecting.isDone()) {
        limit(connectLimit(at));
      }
    });
  }

  private Duration connectLimit(InetSocketAddress at) {
    boolean here = at.getAddress() != null && at.getAddress().isLoopbackAddress();
    Duration most = here ? CONNECT_LOOPBACK : CONNECT;
    Duration own = settings.connectTimeout();
    return own.compareTo(most) < 0 ? own : most;
  }

  private void connected(InetSocketAddress at, boolean connected) {
    Channel to = channel;
    // A connection from a port to itself: where nobody listens on a port that the kernel gives to
    // clients, it may give that very port to us, and TCP's simultaneous open does the rest.
    if (answered || to == null || !connected || at.equals(to.localAddress())) {
      settle(false);
    } else if (http == null) {
      settle(true);
    } else {
      limit(ANSWER);
      new HttpQuestion(http, at).ask(to, this::settle);
    }
  }

  private void limit(Duration most) {
    if (limit != null) {
      limit.cancel();
    }
    limit = scheduler.schedule(this::tooLate, most);
  }

  private void tooLate() {
    if (!loop.isShuttingDown()) {
      loop.execute(() -> settle(false));
    }
  }

  private void settle(boolean yes) {
    boolean first = !answered;
    end();
    if (first) {
      answer.accept(yes);
    }
  }

  /** The answer is of no interest any more. */
  void end() {
    answered = true;
    if (limit != null) {
      limit.cancel();
    }
    if (channel != null) {
      ChannelFuture _ = channel.close();
    }
  }
}
