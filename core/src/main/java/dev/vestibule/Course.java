package dev.vestibule;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One phase on its way: its state, the attempt at hand, its timeout, and a signal that came early.
 * All fields are guarded by the startup's lock; what is to be done outside it is added to the
 * effects.
 */
final class Course implements Signal {

  private static final System.Logger LOG = System.getLogger(Startup.class.getName());

  /** How long a task may take to heed its interrupt before it is called abandoned. */
  private static final Duration INTERRUPT_GRACE = Duration.ofSeconds(1);

  private final PhaseDefinition definition;
  private final Startup startup;
  private final Scheduler scheduler;
  private final @Nullable Executor executor;
  private final CompletableFuture<PhaseSnapshot> settled = new CompletableFuture<>();

  private PhaseSnapshot snapshot;
  private @Nullable Runnable early;
  private @Nullable Attempt attempt;
  private Scheduler.@Nullable Scheduled timeout;
  private ReadinessStrategy.@Nullable Polls polls;
  private long pollCount;
  private long beganAt;
  private long settledAt;
  private @Nullable Throwable lastRefusal;
  private boolean lateLogged;

  Course(
      PhaseDefinition definition,
      Startup startup,
      Scheduler scheduler,
      @Nullable Executor executor) {
    this.definition = definition;
    this.startup = startup;
    this.scheduler = scheduler;
    this.executor = executor;
    this.snapshot = definition.pending();
  }

  PhaseDefinition definition() {
    return definition;
  }

  PhaseSnapshot snapshot() {
    return snapshot;
  }

  // ---- Signals, from the application's threads.

  @Override
  public void ready() {
    expectSignalled("ready");
    startup.change(effects -> told(PhaseEvent.READY, null, effects));
  }

  @Override
  public void failed(Throwable cause) {
    expectSignalled("failed");
    Objects.requireNonNull(cause, "cause");
    startup.change(effects -> told(PhaseEvent.FAIL, cause, effects));
  }

  @Override
  public void lost(Throwable cause) {
    Objects.requireNonNull(cause, "cause");
    startup.change(
        effects -> {
          if (move(PhaseEvent.LOST, null, effects)) {
            effects.add(() -> LOG.log(WARNING, "phase " + definition.name() + " lost", cause));
          }
        });
  }

  @Override
  public void regained() {
    startup.change(
        effects -> {
          if (move(PhaseEvent.REGAINED, null, effects)) {
            effects.add(() -> LOG.log(INFO, "phase {0} regained", definition.name()));
          }
        });
  }

  void await() throws InterruptedException {
    PhaseSnapshot end;
    try {
      end = settled.get();
    } catch (ExecutionException e) {
      throw new AssertionError("never completed exceptionally", e);
    }
    if (end.state() != PhaseState.READY) {
      PhaseFailure failure = end.failure();
      throw new IllegalStateException(
          "phase %s: %s (expected: READY)".formatted(end.name(), end.state()),
          failure == null ? null : failure.cause());
    }
  }

  private void expectSignalled(String what) {
    if (!definition.isSignalled()) {
      throw new IllegalStateException(
          "phase %s: told %s (expected: a signalled phase; its %s decides)"
              .formatted(definition.name(), what, definition.task() != null ? "task" : "probe"));
    }
  }

  /** A signal's ready or failed; under the lock. */
  private void told(PhaseEvent event, @Nullable Throwable cause, List<Runnable> effects) {
    switch (snapshot.state()) {
      case PENDING -> {
        if (early == null) {
          early = () -> startup.change(later -> told(event, cause, later));
        }
      }
      case RUNNING -> end(event, cause, effects);
      case READY, DOWN -> {
        if (event == PhaseEvent.FAIL) {
          late("told failed although " + snapshot.state(), cause, effects);
        } else {
          move(event, null, effects);
        }
      }
      case FAILED, SKIPPED, CANCELLED -> late("told " + event, cause, effects);
    }
  }

  // ---- The course of a phase, under the lock.

  /**
   * Applies the table. Returns whether the state changed; everything that follows from it is done
   * or asked for.
   */
  boolean move(PhaseEvent event, @Nullable PhaseFailure failure, List<Runnable> effects) {
    PhaseState from = snapshot.state();
    PhaseState to = from.after(event);
    if (to == from) {
      return false;
    }
    if (event == PhaseEvent.BEGIN) {
      beganAt = startup.now();
      snapshot = snapshot.begun(startup.sinceStart());
      begin(effects);
    } else {
      snapshot = snapshot.moved(to, startup.sinceStart(), failure);
      if (!from.isSettled()) {
        settledAt = startup.now();
        stopTimeout();
        PhaseSnapshot end = snapshot;
        effects.add(() -> settled.complete(end));
      }
    }
    startup.moved(definition.name(), from, to, effects);
    return true;
  }

  private void begin(List<Runnable> effects) {
    if (definition.task() != null) {
      tryOnce(1, effects);
      return;
    }
    startTimeout();
    if (definition.probe() != null) {
      polls = definition.strategy().begin();
      ask(effects);
    } else if (early != null) {
      effects.add(early);
    }
  }

  /** The phase's wait or work is over, well or not. */
  private void end(PhaseEvent event, @Nullable Throwable cause, List<Runnable> effects) {
    Duration elapsed = startup.since(beganAt);
    PhaseFailure failure =
        cause == null
            ? null
            : new PhaseFailure(
                definition.name(), snapshot.attempt(), definition.attempts(), elapsed, cause);
    attempt = null;
    if (!move(event, failure, effects)) {
      return;
    }
    long asked = pollCount;
    effects.add(
        () -> {
          if (definition.task() == null) {
            String outcome =
                failure == null
                    ? "ready"
                    : failure.cause() instanceof TimeoutException ? "timed out" : "failed";
            WaitLog.ended(definition.strategy(), definition.name(), outcome, elapsed, asked);
          }
          if (failure != null) {
            LOG.log(definition.optional() ? WARNING : ERROR, failure.toString(), failure.cause());
          } else if (definition.task() != null) {
            LOG.log(INFO, "phase {0} ready after {1}", definition.name(), Text.seconds(elapsed));
          }
        });
  }

  void close(List<Runnable> effects) {
    Attempt running = attempt;
    if (move(PhaseEvent.CLOSE, null, effects) && running != null) {
      attempt = null;
      effects.add(() -> interrupt(running));
    }
  }

  // ---- A task: attempts, each with its timeout.

  private void tryOnce(int number, List<Runnable> effects) {
    PhaseTask task = Objects.requireNonNull(definition.task());
    Attempt next =
        new Attempt(
            number,
            task,
            (ended, failure) -> startup.change(later -> attempted(ended, failure, later)));
    attempt = next;
    snapshot = snapshot.inAttempt(number);
    startTimeout();
    effects.add(() -> execute(next));
  }

  private void attempted(Attempt ended, @Nullable Throwable failure, List<Runnable> effects) {
    if (attempt != ended) {
      late("attempt " + ended.number() + " ended", failure, effects);
    } else if (failure == null) {
      end(PhaseEvent.READY, null, effects);
    } else {
      failedAttempt(ended, failure, effects);
    }
  }

  private void failedAttempt(Attempt ended, Throwable failure, List<Runnable> effects) {
    stopTimeout();
    if (ended.number() >= definition.attempts()) {
      end(PhaseEvent.FAIL, failure, effects);
      return;
    }
    attempt = null;
    int next = ended.number() + 1;
    effects.add(
        () -> {
          LOG.log(
              WARNING,
              "phase {0}: attempt {1} of {2} failed, again in {3}: {4}",
              definition.name(),
              ended.number(),
              definition.attempts(),
              Text.seconds(definition.retryDelay()),
              failure);
          scheduler.schedule(
              () -> startup.change(later -> retry(next, later)), definition.retryDelay());
        });
  }

  private void retry(int number, List<Runnable> effects) {
    if (snapshot.state() == PhaseState.RUNNING) {
      tryOnce(number, effects);
    }
  }

  // ---- A probe: questions, at the strategy's interval.

  private void ask(List<Runnable> effects) {
    Probe probe = Objects.requireNonNull(definition.probe());
    boolean[] ready = new boolean[1];
    Attempt question =
        new Attempt(
            1,
            () -> ready[0] = probe.isReady(),
            (ended, failure) -> startup.change(later -> answered(ended, ready[0], failure, later)));
    attempt = question;
    pollCount++;
    effects.add(() -> execute(question));
  }

  private void answered(
      Attempt question, boolean ready, @Nullable Throwable failure, List<Runnable> effects) {
    if (attempt != question) {
      late("its probe answered", failure, effects);
      return;
    }
    attempt = null;
    if (ready) {
      end(PhaseEvent.READY, null, effects);
      return;
    }
    lastRefusal = failure;
    Duration limit = definition.timeout();
    if (limit != null && pollCount >= definition.strategy().mostPolls(limit)) {
      end(PhaseEvent.FAIL, timedOut("not ready after " + pollCount + " polls"), effects);
      return;
    }
    Duration delay = Objects.requireNonNull(polls).next(definition.name());
    effects.add(() -> scheduler.schedule(() -> startup.change(this::askAgain), delay));
  }

  private void askAgain(List<Runnable> effects) {
    if (snapshot.state() == PhaseState.RUNNING) {
      ask(effects);
    }
  }

  // ---- Time.

  private void startTimeout() {
    Duration limit = definition.timeout();
    if (limit == null) {
      return;
    }
    Attempt bounded = attempt;
    timeout = scheduler.schedule(() -> startup.change(later -> expired(bounded, later)), limit);
  }

  private void stopTimeout() {
    if (timeout != null) {
      timeout.cancel();
      timeout = null;
    }
  }

  private void expired(@Nullable Attempt bounded, List<Runnable> effects) {
    boolean isTask = definition.task() != null;
    if (snapshot.state() != PhaseState.RUNNING || (isTask && attempt != bounded)) {
      return;
    }
    Attempt running = attempt;
    attempt = null;
    if (running != null) {
      effects.add(() -> interrupt(running));
    }
    TimeoutException failure =
        timedOut("not done within " + Text.seconds(Objects.requireNonNull(definition.timeout())));
    if (isTask && running != null) {
      failedAttempt(running, failure, effects);
    } else {
      end(PhaseEvent.FAIL, failure, effects);
    }
  }

  private TimeoutException timedOut(String what) {
    TimeoutException failure = new TimeoutException(what);
    if (lastRefusal != null) {
      failure.initCause(lastRefusal);
    }
    return failure;
  }

  // ---- Outside the lock.

  private void execute(Attempt work) {
    if (executor != null) {
      executor.execute(work);
      return;
    }
    Thread thread = new Thread(work, "vestibule-phase-" + definition.name());
    thread.setDaemon(true);
    thread.start();
  }

  private void interrupt(Attempt running) {
    running.interrupt();
    scheduler.schedule(
        () -> {
          String thread = running.runningOn();
          if (thread != null) {
            LOG.log(
                WARNING,
                "phase {0}: attempt {1} ignores its interrupt and is abandoned on thread {2}",
                definition.name(),
                running.number(),
                thread);
          }
        },
        INTERRUPT_GRACE);
  }

  private void late(String what, @Nullable Throwable cause, List<Runnable> effects) {
    System.Logger.Level level = lateLogged ? DEBUG : WARNING;
    lateLogged = true;
    String how =
        snapshot.state().isSettled()
            ? Text.seconds(startup.since(settledAt)) + " after it was settled"
            : "after its time was up";
    String message =
        "phase %s is %s: %s, %s; ignored".formatted(definition.name(), snapshot.state(), what, how);
    effects.add(
        () -> {
          if (cause == null) {
            LOG.log(level, message);
          } else {
            LOG.log(level, message, cause);
          }
        });
  }
}
