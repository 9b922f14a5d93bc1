package dev.vestibule;

import static java.lang.System.Logger.Level.WARNING;

import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One run of a phase's task, or one question to its probe, on some thread, which can be
 * interrupted. Safe for use by many threads.
 */
final class Attempt implements Runnable {

  /** Hears how an attempt ended, once, on the thread that ran it. */
  interface Ended {
    void ended(Attempt attempt, @Nullable Throwable failure);
  }

  private static final System.Logger LOG = System.getLogger(Startup.class.getName());

  /** How long a task may take to heed its interrupt before it is called abandoned. */
  private static final Duration INTERRUPT_GRACE = Duration.ofSeconds(1);

  private final String phase;
  private final int number;
  private final PhaseTask task;
  private final Ended listener;
  private @Nullable Thread runner;
  private boolean interrupted;

  Attempt(String phase, int number, PhaseTask task, Ended listener) {
    this.phase = phase;
    this.number = number;
    this.task = task;
    this.listener = listener;
  }

  int number() {
    return number;
  }

  /** Runs it elsewhere. Whatever keeps it from running is how it ends, or the phase would hang. */
  void start(@Nullable Executor executor) {
    try {
      if (executor != null) {
        executor.execute(this);
        return;
      }
      Thread thread = new Thread(this, "vestibule-phase-" + phase);
      thread.setDaemon(true);
      thread.start();
    } catch (RuntimeException | Error e) {
      listener.ended(this, e);
    }
  }

  @Override
  public void run() {
    @Nullable Throwable failure = new InterruptedException("interrupted before it began");
    if (begin()) {
      failure = null;
      try {
        task.run();
      } catch (Throwable t) {
        // Whatever a task throws, the phase must hear of it, or everyone who waits for it hangs.
        failure = t;
      } finally {
        end();
      }
    }
    listener.ended(this, failure);
  }

  private synchronized boolean begin() {
    if (interrupted) {
      return false;
    }
    runner = Thread.currentThread();
    return true;
  }

  private synchronized void end() {
    runner = null;
    // A thread that goes back to a pool must not carry our interrupt to the next task.
    if (interrupted) {
      Thread.interrupted();
    }
  }

  /** Interrupts it; after a while, says so if it goes on regardless. */
  void interrupt(Scheduler scheduler) {
    synchronized (this) {
      interrupted = true;
      if (runner == null) {
        return;
      }
      runner.interrupt();
    }
    scheduler.schedule(this::nameIfAbandoned, INTERRUPT_GRACE);
  }

  private void nameIfAbandoned() {
    String thread;
    synchronized (this) {
      thread = runner == null ? null : runner.getName();
    }
    if (thread != null) {
      LOG.log(
          WARNING,
          "phase {0}: attempt {1} ignores its interrupt and is abandoned on thread {2}",
          phase,
          number,
          thread);
    }
  }
}
