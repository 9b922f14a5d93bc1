package dev.vestibule;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Keeps tasks until the test runs them; a lane, or where phases run. */
final class ManualExecutor implements Executor {

  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private int taken;
  private boolean closed;

  @Override
  public void execute(Runnable task) {
    if (closed) {
      throw new RejectedExecutionException("closed");
    }
    taken++;
    tasks.add(task);
  }

  /** Runs the oldest task. */
  void runOne() {
    tasks.remove().run();
  }

  /** Runs everything, including what is added meanwhile. */
  void runAll() {
    while (!tasks.isEmpty()) {
      runOne();
    }
  }

  int waiting() {
    return tasks.size();
  }

  /** How many tasks it was ever given. */
  int taken() {
    return taken;
  }

  void close() {
    closed = true;
  }
}
