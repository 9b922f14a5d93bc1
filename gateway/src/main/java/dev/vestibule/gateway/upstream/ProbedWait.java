package dev.vestibule.gateway.upstream;

import static java.lang.System.Logger.Level.INFO;

import dev.vestibule.Scheduler;
import dev.vestibule.Startup;
import dev.vestibule.StartupSnapshot;
import dev.vestibule.StartupState;
import dev.vestibule.Ticker;
import dev.vestibule.environment.Environment;
import dev.vestibule.environment.Platform;
import dev.vestibule.environment.Presets;
import dev.vestibule.gateway.config.ReadinessSettings;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One start of an upstream is asked for until it is over. All of it happens on the loop. */
final class ProbedWait {

  // The same as of the waits within a process: who looks for how waits end finds all of them.
  private static final System.Logger LOG = System.getLogger("dev.vestibule.wait");

  // The intervals are the same in every environment and on every platform.
  private static final Presets PRESETS = new Presets(Environment.PRODUCTION, Platform.PLAIN);

  private final Upstream upstream;
  private final Startup startup;
  private final ReadinessSettings.@Nullable Http http;
  private final EventLoop loop;
  private final Ticker ticker;
  private final Scheduler scheduler;
  private final @Nullable InetSocketAddress address;
  private final long began;
  private volatile long polls;
  private boolean over;
  private volatile @Nullable Question question;
  private Scheduler.@Nullable Scheduled next;

  ProbedWait(
      Upstream upstream,
      Startup startup,
      ReadinessSettings.@Nullable Http http,
      EventLoop loop,
      Ticker ticker,
      Scheduler scheduler) {
    this.upstream = upstream;
    this.startup = startup;
    this.http = http;
    this.loop = loop;
    this.ticker = ticker;
    this.scheduler = scheduler;
    this.address = upstream.address();
    this.began = ticker.read();
  }

  void begin() {
    if (address == null) {
      over = true;
      return;
    }
    // Ready, by whoever said so; given up; or another start has begun.
    startup.completion().thenAccept(last -> onLoop(() -> end(outcome(last))));
    ask(address);
  }

  private static String outcome(StartupSnapshot last) {
    return last.state() == StartupState.COMPLETE
        ? "ready"
        : last.state() == StartupState.FAILED ? "failed" : "cancelled";
  }

  void end(String outcome) {
    if (over) {
      return;
    }
    over = true;
    Question open = question;
    if (open != null) {
      open.end();
      question = null;
    }
    if (next != null) {
      next.cancel();
    }
    log(outcome);
  }

  long polls() {
    return polls;
  }

  boolean rests() {
    return question == null && (over || next != null);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // On the loop alone.
  private void ask(InetSocketAddress at) {
    if (over) {
      return;
    }
    Question asked = new Question(upstream.settings(), http, loop, scheduler);
    question = asked;
    polls++;
    asked.ask(at, yes -> answered(at, yes));
  }

  private void answered(InetSocketAddress at, boolean yes) {
    if (over) {
      return;
    }
    if (yes) {
      upstream.ready(startup);
    } else {
      next = scheduler.schedule(() -> onLoop(() -> ask(at)), interval(at.getAddress()));
    }
    question = null;
  }

  private Duration interval(@Nullable InetAddress target) {
    Duration told = upstream.settings().probeInterval();
    if (told != null) {
      return told;
    }
    // A name that is not resolved, or not any more, is not on this machine.
    return target == null ? Duration.ofMillis(100) : PRESETS.probeInterval(target);
  }

  private void onLoop(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else if (!loop.isShuttingDown()) {
      loop.execute(task);
    }
  }

  private void log(String outcome) {
    LOG.log(
        INFO,
        "Fixed-interval wait {0}: strategy=fixed phase={1} outcome={2} elapsed={3} polls={4}",
        outcome.equals("ready") ? "completed successfully" : "ended",
        upstream.name(),
        outcome,
        String.format(Locale.ROOT, "%.3f s", (ticker.read() - began) / 1e9),
        Long.toString(polls));
  }
}
