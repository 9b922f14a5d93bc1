package dev.vestibule.jetty;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks one at a time and in order, on a thread of the server's pool while there are any. Not
 * Jetty's SerializedExecutor, which runs them on the thread that brings them: the one that opens
 * the gate must not let ten thousand in by itself.
 */
final class Lane implements Executor {

  private final Executor pool;
  // Guarded by this.
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private boolean running;

  Lane(Executor pool) {
    this.pool = pool;
  }

  @Override
  public void execute(Runnable task) {
    synchronized (this) {
      tasks.add(task);
      if (running) {
        return;
      }
      running = true;
    }
    try {
      pool.execute(this::runAll);
    } catch (RejectedExecutionException e) {
      synchronized (this) {
        running = false;
        tasks.remove(task);
      }
      throw e;
    }
  }

  private void runAll() {
    for (Runnable task = next(); task != null; task = next()) {
      run(task);
    }
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (Throwable t) {
      // Not even an error may keep those who stand behind from their turn.
      System.getLogger(GateHandler.class.getName())
          .log(System.Logger.Level.ERROR, "a task on a lane threw", t);
    }
  }

  private synchronized @Nullable Runnable next() {
    Runnable task = tasks.poll();
    running = task != null;
    return task;
  }
}
