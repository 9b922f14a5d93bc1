package dev.vestibule;

import static java.lang.System.Logger.Level.ERROR;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tells listeners what changed: in order, once, one thread at a time and outside every lock. Events
 * are queued where they are decided, under the startup's lock, which gives them their order;
 * whoever delivers first delivers for all.
 */
final class Announcer {

  private static final System.Logger LOG = System.getLogger(Startup.class.getName());

  private final List<StartupListener> listeners = new CopyOnWriteArrayList<>();
  private final Queue<StartupEvent> events = new ConcurrentLinkedQueue<>();
  private final AtomicInteger undelivered = new AtomicInteger();

  void add(StartupListener listener) {
    listeners.add(listener);
  }

  void enqueue(StartupEvent event) {
    events.add(event);
  }

  /**
   * Delivers what is queued. Plainly: {@code while (!events.isEmpty()) tell(events.remove())}, by
   * one thread. A thread that finds another one delivering raises the count, and the other looks
   * again before it leaves, so that nothing stays behind.
   */
  void deliver() {
    if (undelivered.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      for (StartupEvent event = events.poll(); event != null; event = events.poll()) {
        tell(event);
      }
      seen = undelivered.addAndGet(-seen);
    } while (seen != 0);
  }

  private void tell(StartupEvent event) {
    for (StartupListener listener : listeners) {
      try {
        listener.changed(event);
      } catch (Throwable e) {
        // Also what is thrown undeclared, as other languages on the JVM do.
        LOG.log(ERROR, "a startup listener threw; the others still hear", e);
      }
    }
  }
}
