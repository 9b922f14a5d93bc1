package dev.vestibule.gateway.upstream;

import dev.vestibule.Scheduler;
import dev.vestibule.Startup;
import dev.vestibule.Ticker;
import dev.vestibule.gateway.config.ReadinessSettings;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Asks upstreams whether they are ready, from each start on until they are: those whose readiness
 * is a TCP connection or an answer to a GET. Others tell, and are not asked. Safe for use by many
 * threads.
 *
 * <p>An upstream is asked on one event loop, one question at a time: every {@linkplain
 * dev.vestibule.gateway.config.UpstreamSettings#probeInterval() interval} after the answer to the
 * question before. A question that is not answered in time ({@link Question}) counts as a no, so
 * that a backend whose packets vanished is found soon after they no longer do. A new start, and the
 * end of one in any other way, end the wait; each wait ends in one line of the log.
 *
 * <p>The connection of a TCP probe is closed in the ordinary way with nothing sent: of the ways
 * there are, the one that the least is printed about. (A reset reaches the error handlers of Node's
 * servers, and a GET is answered and logged as a failed upgrade.)
 */
public final class Probing implements UpstreamListener, AutoCloseable {

  private final EventLoopGroup loops;
  private final Ticker ticker;
  private final Scheduler scheduler;
  private final Map<Upstream, Asked> all = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * Asks nobody yet: pass it to {@link Upstream#listen} before that is started.
   *
   * @param loops where it asks; of epoll
   * @param ticker tells the time
   * @param scheduler waits between questions, and for answers
   */
  public Probing(EventLoopGroup loops, Ticker ticker, Scheduler scheduler) {
    this.loops = loops;
    this.ticker = ticker;
    this.scheduler = scheduler;
  }

  @Override
  public void starts(Upstream upstream, Startup startup) {
    switch (upstream.settings().readiness()) {
      case ReadinessSettings.Tcp tcp -> ask(upstream, startup, null);
      case ReadinessSettings.Http http -> ask(upstream, startup, http);
      case ReadinessSettings.Notify notify -> {}
      case ReadinessSettings.Pushed pushed -> {}
    }
  }

  /**
   * Asks by TCP, whatever the upstream's readiness is: for one that said that it is ready, lives,
   * and could not be reached nonetheless.
   *
   * @param upstream whom to ask
   * @param startup the start that it is asked for
   */
  public void asksForConnection(Upstream upstream, Startup startup) {
    ask(upstream, startup, null);
  }

  private void ask(Upstream upstream, Startup startup, ReadinessSettings.@Nullable Http http) {
    Asked asked = all.computeIfAbsent(upstream, key -> new Asked(key, loops.next()));
    asked.loop.execute(() -> asked.begin(startup, http));
  }

  /** Ends every wait; nobody is asked any more. */
  @Override
  public void close() {
    closed = true;
    all.values().forEach(asked -> asked.loop.execute(asked::end));
  }

  /** How often the wait that is under way, or the last one, has asked. For tests. */
  long polls(Upstream upstream) {
    Asked asked = all.get(upstream);
    ProbedWait wait = asked == null ? null : asked.wait;
    return wait == null ? 0 : wait.polls();
  }

  /** Whether no question is open. For tests. */
  boolean rests(Upstream upstream) {
    Asked asked = all.get(upstream);
    ProbedWait wait = asked == null ? null : asked.wait;
    return wait == null || wait.rests();
  }

  /** One upstream, on its loop. */
  private final class Asked {
    private final Upstream upstream;
    private final EventLoop loop;
    private volatile @Nullable ProbedWait wait;

    Asked(Upstream upstream, EventLoop loop) {
      this.upstream = upstream;
      this.loop = loop;
    }

    void begin(Startup startup, ReadinessSettings.@Nullable Http http) {
      // Two threads may have begun two starts and come here in the other order.
      if (closed || startup != upstream.startup()) {
        return;
      }
      end();
      ProbedWait next = new ProbedWait(upstream, startup, http, loop, ticker, scheduler);
      wait = next;
      next.begin();
    }

    void end() {
      ProbedWait before = wait;
      if (before != null) {
        before.end("cancelled");
        wait = null;
      }
    }
  }
}
