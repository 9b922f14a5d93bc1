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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One phase on its way: its state, a signal that came early, and the {@link Work} that brings it to
 * its end. All fields are guarded by the startup's lock; what is to be done outside it is added to
 * the effects.
 */
final class Course implements Signal {

  private static final System.Logger LOG = System.getLogger(Startup.class.getName());

  /** What the application said before the phase began. */
  private record Told(PhaseEvent event, @Nullable Throwable cause) {}

  private final PhaseDefinition definition;
  private final Startup startup;
  private final Scheduler scheduler;
  private final @Nullable Executor executor;
  private final Work work;
  private final @Nullable Health health;
  private final CompletableFuture<PhaseSnapshot> settled = new CompletableFuture<>();

  private PhaseSnapshot snapshot;
  private @Nullable Told early;
  private long beganAt;
  private long settledAt;
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
    this.work = Work.of(definition, this);
    HealthDefinition watched = definition.health();
    this.health = watched == null ? null : new Health(watched, definition.name(), this);
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
    Objects.requireNonNull(cause, "cause");
    expectSignalled("failed");
    startup.change(effects -> told(PhaseEvent.FAIL, cause, effects));
  }

  @Override
  public void lost(Throwable cause) {
    lose(cause, null);
  }

  @Override
  public void lost(Throwable cause, Duration atLeast) {
    if (atLeast.isNegative() || atLeast.compareTo(Mistakes.LONGEST) > 0) {
      throw new IllegalArgumentException(
          "phase %s: lost for at least %s (expected: PT0S to %s)"
              .formatted(definition.name(), atLeast, Mistakes.LONGEST));
    }
    lose(cause, atLeast);
  }

  private void lose(Throwable cause, @Nullable Duration atLeast) {
    Objects.requireNonNull(cause, "cause");
    startup.change(effects -> lose(cause, atLeast, effects));
  }

  void lose(Throwable cause, @Nullable Duration atLeast, List<Runnable> effects) {
    if (move(PhaseEvent.LOST, null, effects)) {
      effects.add(() -> LOG.log(WARNING, "phase " + definition.name() + " lost", cause));
    }
    if (snapshot.state() == PhaseState.DOWN) {
      snapshot = snapshot.expectedBack(atLeast == null ? null : startup.sinceStart().plus(atLeast));
      startup.restate();
    }
  }

  @Override
  public void regained() {
    startup.change(effects -> move(PhaseEvent.REGAINED, null, effects));
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

  private void told(PhaseEvent event, @Nullable Throwable cause, List<Runnable> effects) {
    switch (snapshot.state()) {
      case PENDING -> {
        if (early == null) {
          early = new Told(event, cause);
        }
      }
      case RUNNING -> end(event, cause, effects);
      case READY, DOWN -> {
        if (event == PhaseEvent.FAIL) {
          late("told failed", cause, effects);
        } else {
          move(event, null, effects);
        }
      }
      case FAILED, SKIPPED, CANCELLED -> {
        if (event == PhaseEvent.READY) {
          late("told ready", null, effects);
        }
      }
    }
  }

  // ---- The course of a phase, under the lock.

  /** Applies the table. Returns whether the state changed. */
  boolean move(PhaseEvent event, @Nullable PhaseFailure failure, List<Runnable> effects) {
    PhaseState from = snapshot.state();
    PhaseState to = from.after(event);
    if (to == from) {
      return false;
    }
    snapshot =
        to == PhaseState.RUNNING
            ? snapshot.begun(startup.sinceStart())
            : snapshot.moved(to, startup.sinceStart(), failure);
    startup.announce(definition.name(), from, to);
    if (to == PhaseState.RUNNING) {
      begin(effects);
    } else if (from == PhaseState.DOWN) {
      effects.add(() -> LOG.log(INFO, "phase {0} regained", definition.name()));
    } else if (!from.isSettled()) {
      settle(effects);
    }
    return true;
  }

  private void begin(List<Runnable> effects) {
    beganAt = startup.now();
    if (early == null) {
      work.begin(effects);
    } else {
      end(early.event(), early.cause(), effects);
    }
  }

  private void settle(List<Runnable> effects) {
    settledAt = startup.now();
    work.stop(effects);
    PhaseSnapshot end = snapshot;
    if (health != null && end.state() == PhaseState.READY) {
      health.begin(effects);
    }
    effects.add(() -> settled.complete(end));
  }

  /** The phase's work is done or its wait is over, well or not. Does nothing unless it runs. */
  void end(PhaseEvent event, @Nullable Throwable cause, List<Runnable> effects) {
    if (snapshot.state() != PhaseState.RUNNING) {
      return;
    }
    Duration elapsed = sinceBegun();
    PhaseFailure failure =
        cause == null
            ? null
            : new PhaseFailure(
                definition.name(), snapshot.attempt(), definition.attempts(), elapsed, cause);
    move(event, failure, effects);
    long polls = work.polls();
    effects.add(() -> logEnd(failure, elapsed, polls));
  }

  void close(List<Runnable> effects) {
    if (health != null) {
      health.stop(effects);
    }
    boolean waited = snapshot.state() == PhaseState.RUNNING && definition.task() == null;
    if (move(PhaseEvent.CLOSE, null, effects) && waited) {
      Duration elapsed = sinceBegun();
      long polls = work.polls();
      effects.add(() -> logWait("cancelled", elapsed, polls));
    }
  }

  // ---- What the work of a phase may do, under the lock.

  /**
   * Asks for a decision to be made later if the phase still runs then. If that cannot be had, a
   * phase that runs fails.
   */
  Alarm later(Consumer<List<Runnable>> decision, Duration delay, List<Runnable> effects) {
    return whenever(onTime -> ifRunning(decision, onTime), delay, effects);
  }

  /** The same, whatever has become of the phase by then. */
  Alarm whenever(Consumer<List<Runnable>> decision, Duration delay, List<Runnable> effects) {
    Alarm alarm = new Alarm();
    effects.add(() -> {
      try {
        alarm.arm(scheduler, () -> change(decision), delay);
      } catch (RuntimeException | Error e) {
        LOG.log(
            ERROR,
            "the scheduler takes no tasks; phase " + definition.name() + " waits in vain",
            e);
        change(failing -> end(PhaseEvent.FAIL, e, failing));
      }
    });
    return alarm;
  }

  private void ifRunning(Consumer<List<Runnable>> decision, List<Runnable> effects) {
    if (snapshot.state() == PhaseState.RUNNING) {
      decision.accept(effects);
    }
  }

  void inAttempt(int number) {
    snapshot = snapshot.inAttempt(number);
    startup.restate();
  }

  Duration sinceBegun() {
    return startup.since(beganAt);
  }

  /** Something was said or done too late to count. */
  void late(String what, @Nullable Throwable cause, List<Runnable> effects) {
    System.Logger.Level level = lateLogged ? DEBUG : WARNING;
    lateLogged = true;
    PhaseState state = snapshot.state();
    String when =
        state.isSettled()
            ? Text.seconds(startup.since(settledAt)) + " after it was settled"
            : "after its time was up";
    String message =
        "phase %s is %s: %s, %s; ignored".formatted(definition.name(), state, what, when);
    effects.add(() -> {
      if (cause == null) {
        LOG.log(level, message);
      } else {
        LOG.log(level, message, cause);
      }
    });
  }

  // ---- Outside the lock.

  void change(Consumer<List<Runnable>> decision) {
    startup.change(decision);
  }

  void run(Attempt attempt) {
    attempt.start(executor);
  }

  void interrupt(Attempt attempt) {
    attempt.interrupt(scheduler);
  }

  private void logEnd(@Nullable PhaseFailure failure, Duration elapsed, long polls) {
    if (definition.task() == null) {
      boolean spent = failure != null && failure.cause() instanceof TimeoutException;
      logWait(failure == null ? "ready" : spent ? "timed out" : "failed", elapsed, polls);
    }
    if (failure != null) {
      LOG.log(definition.optional() ? WARNING : ERROR, failure.toString(), failure.cause());
    } else if (definition.task() != null) {
      LOG.log(INFO, "phase {0} ready after {1}", definition.name(), Text.seconds(elapsed));
    }
  }

  private void logWait(String outcome, Duration elapsed, long polls) {
    WaitLog.ended(definition.strategy(), definition.name(), outcome, elapsed, polls);
  }
}
