package dev.vestibule.gateway.child;

import static java.lang.System.Logger.Level.INFO;

import dev.vestibule.Scheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks where the child listens, and says so when that is not where it should. A server that does
 * not know of PORT is never ready, and the person who waits for it cannot see why. Safe for use by
 * many threads.
 */
final class Whereabouts {

  private static final System.Logger LOG = System.getLogger(Whereabouts.class.getName());

  // After 2 s, 4 s and so on: a server may need long before it listens at all.
  private static final Duration FIRST = Duration.ofSeconds(2);
  private static final Duration LAST = Duration.ofMinutes(2);

  private final Executor starter;
  private final Scheduler scheduler;
  private final ChildListener listener;
  // Guarded by this.
  private @Nullable ChildRun watched;
  private Scheduler.@Nullable Scheduled next;

  /** What is looked for blocks, and so is done by the starter. */
  Whereabouts(Executor starter, Scheduler scheduler, ChildListener listener) {
    this.starter = starter;
    this.scheduler = scheduler;
    this.listener = listener;
  }

  /** Looks now and then until it is told to stop, or has seen something. */
  synchronized void watch(ChildRun run, Process process) {
    if (run.readyAt() == null) {
      watched = run;
      later(run, process, FIRST);
    }
  }

  synchronized void stop() {
    watched = null;
    if (next != null) {
      next.cancel();
      next = null;
    }
  }

  private synchronized void later(ChildRun run, Process process, Duration delay) {
    if (watched == run && delay.compareTo(LAST) <= 0) {
      next = scheduler.schedule(() -> starter.execute(() -> look(run, process, delay)), delay);
    }
  }

  private void look(ChildRun run, Process process, Duration delay) {
    int wanted = run.at().getPort();
    try {
      Set<Integer> ports = Listeners.portsOf(process.toHandle());
      if (!ports.isEmpty() && !ports.contains(wanted)) {
        if (isWatched(run)) {
          String seen = ports.stream().map(String::valueOf).collect(Collectors.joining(", "));
          listener.listensElsewhere(seen, wanted);
        }
        return;
      }
    } catch (IOException | RuntimeException e) {
      LOG.log(INFO, "where the child listens cannot be seen", e);
    }
    later(run, process, delay.multipliedBy(2));
  }

  private synchronized boolean isWatched(ChildRun run) {
    return watched == run;
  }

  /** Says what can be reached around the gateway. Blocks shortly. */
  void warnOfWider(int port) {
    try {
      List<String> wider = Listeners.widerThanLoopback(port);
      if (!wider.isEmpty()) {
        listener.listensWider(String.join(" and ", wider));
      }
    } catch (IOException | RuntimeException e) {
      LOG.log(INFO, "where the child listens cannot be seen", e);
    }
  }
}
