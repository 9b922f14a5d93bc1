package dev.vestibule.spring;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import dev.vestibule.Gate;
import dev.vestibule.Scheduler;
import dev.vestibule.Startup;
import dev.vestibule.jetty.GateHandler;
import dev.vestibule.jetty.OpenSessions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;

/**
 * Goes away politely, before anything of the application does: {@code /readyz} fails; arrivals are
 * let in for a while yet; then everyone is refused; then open sessions are closed with 1012, so
 * that the container finds none to close with 1001.
 *
 * <p>It begins at the closing of the context, first of all listeners: when Spring stops its
 * lifecycle beans its executors take no more tasks already, and a session could not be served while
 * arrivals are still let in. As a lifecycle bean of the last phase it also covers a context that
 * fails while it starts, of whose closing no event tells.
 */
final class Drain implements SmartLifecycle, ApplicationListener<ContextClosedEvent>, Ordered {

  /** Service Restart, in the IANA registry of WebSocket close codes. */
  static final int SERVICE_RESTART = 1012;

  // Those who are closed come back; these many a second at most.
  private static final long CLOSED_PER_SECOND = 100;

  private static final Duration LOOK = Duration.ofMillis(5);

  private static final System.Logger LOG = System.getLogger(Drain.class.getName());

  private final ApplicationContext context;
  private final Startup startup;
  private final Gate gate;
  private final Availability availability;
  private final Settings settings;
  private final Scheduler scheduler;
  private final AtomicBoolean begun = new AtomicBoolean();
  private volatile @Nullable OpenSessions sessions;
  private volatile @Nullable Answering answering;
  private volatile Runnable endStreams = () -> {};
  private volatile @Nullable GateHandler handler;
  private volatile boolean running;
  private volatile boolean hurried;

  Drain(
      ApplicationContext context,
      Startup startup,
      Gate gate,
      Availability availability,
      Settings settings,
      Scheduler scheduler) {
    this.context = context;
    this.startup = startup;
    this.gate = gate;
    this.availability = availability;
    this.settings = settings;
    this.scheduler = scheduler;
  }

  /** What there is to be seen off, and how those are sent away who only look on. */
  void watch(Answering answering, GateHandler handler, OpenSessions sessions, Runnable endStreams) {
    this.endStreams = endStreams;
    this.answering = answering;
    this.handler = handler;
    this.sessions = sessions;
  }

  /** How many sessions are open; none before there is a server. */
  int sessions() {
    OpenSessions open = sessions;
    return open == null ? 0 : open.count();
  }

  /** Nobody is let in any more, so nothing is gained by waiting before everyone is refused. */
  void hurry() {
    hurried = true;
  }

  @Override
  public void onApplicationEvent(ContextClosedEvent event) {
    // Children's closings come here too.
    if (event.getApplicationContext().equals(context)) {
      drain();
    }
  }

  @Override
  public int getOrder() {
    return HIGHEST_PRECEDENCE;
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    drain();
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  private void drain() {
    if (!begun.compareAndSet(false, true)) {
      return;
    }
    availability.drain();
    try {
      if (hurried) {
        // Who is being refused already hears the cause, and not that the server goes because of it.
        flush();
      } else if (running) {
        admitForAWhile();
      }
      gate.drain();
      endStreams.run();
      flush();
      closeSessions();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    startup.close();
  }

  private void admitForAWhile() throws InterruptedException {
    if (settings.drainDelay().isZero()) {
      return;
    }
    LOG.log(INFO, "draining: arrivals are let in for {0} more", settings.drainDelay());
    CompletableFuture<Void> over = new CompletableFuture<>();
    scheduler.schedule(() -> over.complete(null), settings.drainDelay());
    await(over);
  }

  private void closeSessions() throws InterruptedException {
    OpenSessions open = sessions;
    if (open == null) {
      return;
    }
    Duration grace = settings.drainGrace();
    // Somebody who was let in a moment ago has a session in a moment.
    awaitUntil(() -> open.opening() <= closing(), Launch.FLUSH);
    int count = open.count();
    if (count == 0) {
      return;
    }
    Duration over = Duration.ofMillis(1000L * (count - 1) / CLOSED_PER_SECOND);
    if (over.compareTo(grace) > 0) {
      over = grace;
    }
    LOG.log(INFO, "draining: closing {0} sessions over {1}", count, over);
    // It takes a second at most for the last frames to be written.
    await(open.close(SERVICE_RESTART, "restart", over));
  }

  /** Waits until those who waited have been told, at most {@link Launch#FLUSH}. */
  void flush() throws InterruptedException {
    awaitUntil(this::isQuiet, Launch.FLUSH);
  }

  private void awaitUntil(BooleanSupplier condition, Duration atMost) throws InterruptedException {
    CompletableFuture<Void> over = new CompletableFuture<>();
    new Object() {
      private Duration passed = Duration.ZERO;

      void look() {
        if (condition.getAsBoolean() || passed.compareTo(atMost) >= 0) {
          over.complete(null);
          return;
        }
        passed = passed.plus(LOOK);
        scheduler.schedule(this::look, LOOK);
      }
    }.look();
    await(over);
  }

  private boolean isQuiet() {
    Answering open = answering;
    return gate.snapshot().waiting() == 0 && (open == null || open.count() == 0) && closing() == 0;
  }

  /** Who is being refused by a close: upgraded, and never a session. */
  private int closing() {
    GateHandler refusing = handler;
    return refusing == null ? 0 : refusing.closing();
  }

  private static void await(CompletableFuture<Void> done) throws InterruptedException {
    try {
      done.get();
    } catch (ExecutionException e) {
      LOG.log(WARNING, "draining went wrong", e.getCause());
    }
  }
}
