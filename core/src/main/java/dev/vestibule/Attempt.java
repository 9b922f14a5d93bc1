package dev.vestibule;

import org.jspecify.annotations.Nullable;

/**
 * One run of a phase's task or one question to its probe, on some thread, which can be interrupted.
 */
final class Attempt implements Runnable {

  /** Hears how an attempt ended, on the thread that ran it. */
  interface Ended {
    void ended(Attempt attempt, @Nullable Throwable failure);
  }

  private final int number;
  private final PhaseTask task;
  private final Ended listener;
  private @Nullable Thread runner;
  private boolean interrupted;

  Attempt(int number, PhaseTask task, Ended listener) {
    this.number = number;
    this.task = task;
    this.listener = listener;
  }

  int number() {
    return number;
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

  synchronized void interrupt() {
    interrupted = true;
    if (runner != null) {
      runner.interrupt();
    }
  }

  /** The name of the thread that still runs it, or null. */
  synchronized @Nullable String runningOn() {
    return runner == null ? null : runner.getName();
  }
}
