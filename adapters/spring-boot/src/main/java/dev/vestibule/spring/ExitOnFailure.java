package dev.vestibule.spring;

import static java.lang.System.Logger.Level.ERROR;

import dev.vestibule.Door;
import dev.vestibule.PhaseFailure;
import dev.vestibule.Reason;
import dev.vestibule.Scheduler;
import dev.vestibule.StartupSnapshot;
import dev.vestibule.StartupState;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Ends the process when a required phase failed, once everyone who waits has been told: it would
 * never become ready, and its platform can start another. Safe for use by many threads.
 */
final class ExitOnFailure {

  private static final System.Logger LOG = System.getLogger(ExitOnFailure.class.getName());

  // For what the application does when it is closed, after the grace; then the process is halted.
  private static final Duration CLOSING = Duration.ofSeconds(10);

  private final Drain drain;
  private final Settings settings;
  private final @Nullable Door door;
  private final IntConsumer exit;
  private final AtomicBoolean handled = new AtomicBoolean();

  ExitOnFailure(Drain drain, Settings settings, @Nullable Door door, IntConsumer exit) {
    this.drain = drain;
    this.settings = settings;
    this.door = door;
    this.exit = exit;
  }

  /** The failure is known to whoever runs the application. */
  void leaveToOthers() {
    handled.set(true);
  }

  void look(StartupSnapshot startup) {
    if (startup.state() != StartupState.FAILED || !handled.compareAndSet(false, true)) {
      return;
    }
    PhaseFailure failure = startup.failure().orElse(null);
    if (failure != null) {
      LOG.log(ERROR, failure.toString(), failure.cause());
    }
    if (settings.exitOnFailure()) {
      // Not on this thread, which may be the one that has to be stopped.
      new Thread(() -> end(failure), "vestibule-exit").start();
    }
  }

  private void end(@Nullable PhaseFailure failure) {
    drain.hurry();
    if (door != null) {
      Launch.refuse(door, Reason.STARTUP_FAILED, failure == null ? null : failure.phase());
    }
    try {
      drain.flush();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Scheduler.system()
        .schedule(() -> Runtime.getRuntime().halt(1), settings.drainGrace().plus(CLOSING));
    exit.accept(1);
  }
}
