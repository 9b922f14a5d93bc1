package dev.vestibule;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A run of phases. Safe for use by many threads.
 *
 * <h2>How it works</h2>
 *
 * <p>Phases form a directed acyclic graph. A phase begins when everything that it comes after has
 * passed: became {@link PhaseState#READY}, or is optional and ended otherwise. Phases that do not
 * depend on each other run at the same time.
 *
 * <p>Every change is decided under one lock, as a new {@link PhaseSnapshot} computed from the old
 * one by the table in {@link PhaseState}; what has to be done about it (running a task,
 * interrupting one, telling listeners, completing futures) happens after the lock is released, so
 * that no code of the application ever runs under it. Listeners hear events in the order in which
 * they were decided ({@link Announcer}).
 *
 * <p>A required phase that fails makes startup fail at once. Phases that do not need it go on,
 * because there may be routes that do not need it either.
 */
public final class Startup implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Startup.class.getName());

  private final Map<String, Course> courses = new LinkedHashMap<>();
  private final List<PhaseTimeout> timeouts;
  private final Ticker ticker;
  private final Announcer announcer = new Announcer();
  private final CompletableFuture<StartupSnapshot> completion = new CompletableFuture<>();

  private final ReentrantLock lock = new ReentrantLock();
  private volatile StartupSnapshot latest;
  // Changed under the lock; read by whoever asks how long it has been, the flag first.
  private volatile boolean started;
  private long startTick;
  // The rest is guarded by the lock.
  private StartupState state = StartupState.RUNNING;
  private long version;
  private @Nullable StartupSnapshot over;

  Startup(
      List<PhaseDefinition> definitions,
      List<PhaseTimeout> timeouts,
      Ticker ticker,
      Scheduler scheduler,
      @Nullable Executor executor) {
    this.timeouts = List.copyOf(timeouts);
    this.ticker = ticker;
    for (PhaseDefinition definition : definitions) {
      courses.put(definition.name(), new Course(definition, this, scheduler, executor));
    }
    this.latest = new StartupSnapshot(0, state, Duration.ZERO, phases());
  }

  /**
   * Begins a definition.
   *
   * @return a builder
   */
  public static StartupBuilder define() {
    return new StartupBuilder();
  }

  /**
   * Starts the phases and returns at once. After {@link #close()} it does nothing.
   *
   * @throws IllegalStateException when it has been started before
   */
  public void start() {
    change(effects -> {
      if (started) {
        throw new IllegalStateException("startup: started twice (expected: once)");
      }
      startTick = ticker.read();
      started = true;
    });
  }

  /**
   * What the application uses to tell a phase what it knows.
   *
   * @param phase its name
   * @return the phase's signal, always the same
   * @throws IllegalArgumentException when there is no such phase
   */
  public Signal signal(String phase) {
    return course(phase);
  }

  /**
   * The picture now.
   *
   * @return an immutable snapshot
   */
  public StartupSnapshot snapshot() {
    StartupSnapshot snapshot = latest;
    if (snapshot.state() != StartupState.RUNNING) {
      return snapshot;
    }
    lock.lock();
    try {
      return new StartupSnapshot(latest.version(), state, sinceStart(), latest.phases());
    } finally {
      lock.unlock();
    }
  }

  /**
   * The time limits in effect, and where they come from. Settled when startup was built.
   *
   * @return one for each phase, in the order in which they were defined
   */
  public List<PhaseTimeout> timeouts() {
    return timeouts;
  }

  /**
   * Adds someone who hears every change from now on.
   *
   * @param listener told in order and once; see {@link StartupListener}
   */
  public void listen(StartupListener listener) {
    announcer.add(listener);
  }

  /**
   * Completes when startup is over, well or not.
   *
   * @return a stage that completes with the snapshot in which the state first was not {@link
   *     StartupState#RUNNING}; never exceptionally
   */
  public CompletionStage<StartupSnapshot> completion() {
    return completion.minimalCompletionStage();
  }

  /**
   * Blocks until a phase has settled. For the parts of an application that cannot be built before a
   * phase is ready.
   *
   * @param phase its name
   * @throws IllegalArgumentException when there is no such phase
   * @throws IllegalStateException when the phase ended without becoming ready; its cause is the
   *     failure's
   * @throws InterruptedException when the calling thread is interrupted
   */
  public void await(String phase) throws InterruptedException {
    course(phase).await();
  }

  /**
   * Cancels every phase that has not settled, interrupting the tasks that run. What is ready stays
   * ready. Calling it twice does nothing.
   */
  @Override
  public void close() {
    change(effects -> {
      // First, so that what is cancelled next does not look like a failure to what comes after
      // it.
      moveStartup(StartupState.CLOSED, effects);
      courses.values().forEach(course -> course.close(effects));
    });
  }

  private Course course(String phase) {
    Course course = courses.get(phase);
    if (course == null) {
      throw new IllegalArgumentException(
          "phase: %s (expected: one of %s)".formatted(phase, courses.keySet()));
    }
    return course;
  }

  /** Whether there is such a phase, and what it was defined as. */
  @Nullable PhaseDefinition definition(String phase) {
    Course course = courses.get(phase);
    return course == null ? null : course.definition();
  }

  List<String> phaseNames() {
    return List.copyOf(courses.keySet());
  }

  // ---- What a course may do: decide under the lock, act outside it.

  /** Runs a decision and what follows from it under the lock, then what they asked for. */
  void change(Consumer<List<Runnable>> decision) {
    List<Runnable> effects = new ArrayList<>();
    StartupSnapshot end;
    lock.lock();
    try {
      decision.accept(effects);
      settle(effects);
      end = over;
    } finally {
      lock.unlock();
    }
    effects.forEach(Startup::take);
    announcer.deliver();
    if (end != null) {
      completion.complete(end);
    }
  }

  /** Takes one effect; a bad one must not keep the others from happening. */
  private static void take(Runnable effect) {
    try {
      effect.run();
    } catch (RuntimeException | Error e) {
      LOG.log(ERROR, "a part of startup threw; the rest goes on", e);
    }
  }

  /** A phase moved; under the lock. */
  void announce(String phase, PhaseState from, PhaseState to) {
    publish();
    announcer.enqueue(new StartupEvent.PhaseChanged(phase, from, to, latest));
  }

  /** A detail changed that is not an event of its own; under the lock. */
  void restate() {
    latest = new StartupSnapshot(version, state, latest.elapsed(), phases());
  }

  Duration sinceStart() {
    return started ? since(startTick) : Duration.ZERO;
  }

  Duration since(long tick) {
    return Duration.ofNanos(ticker.read() - tick);
  }

  long now() {
    return ticker.read();
  }

  /**
   * Sees whether startup is over, and begins or skips whatever has nothing left to wait for, until
   * nothing follows any more; under the lock.
   */
  private void settle(List<Runnable> effects) {
    boolean moved = started && state != StartupState.CLOSED;
    while (moved) {
      // First: a required failure is told before what is skipped because of it.
      moveStartup(outcome(), effects);
      moved = false;
      for (Course course : courses.values()) {
        if (course.snapshot().state() == PhaseState.PENDING) {
          PhaseEvent event = due(course.definition());
          moved |= event != null && course.move(event, null, effects);
        }
      }
    }
  }

  /** What a pending phase is due for: to begin, to be skipped, or nothing yet. */
  private @Nullable PhaseEvent due(PhaseDefinition definition) {
    boolean passed = true;
    for (String name : definition.after()) {
      PhaseSnapshot dependency = course(name).snapshot();
      if (dependency.state().isLostCause() && !dependency.optional()) {
        return PhaseEvent.DEPENDENCY_FAILED;
      }
      passed &= dependency.hasPassed();
    }
    return passed ? PhaseEvent.BEGIN : null;
  }

  private StartupState outcome() {
    if (state != StartupState.RUNNING) {
      return state;
    }
    boolean settled = true;
    boolean degraded = false;
    for (Course course : courses.values()) {
      PhaseSnapshot phase = course.snapshot();
      if (phase.state().isLostCause() && !phase.optional()) {
        return StartupState.FAILED;
      }
      degraded |= phase.state().isLostCause();
      settled &= phase.state().isSettled();
    }
    if (!settled) {
      return StartupState.RUNNING;
    }
    return degraded ? StartupState.DEGRADED : StartupState.COMPLETE;
  }

  private void moveStartup(StartupState to, List<Runnable> effects) {
    StartupState from = state;
    if (from == to) {
      return;
    }
    state = to;
    publish();
    announcer.enqueue(new StartupEvent.StartupChanged(from, to, latest));
    if (from == StartupState.RUNNING) {
      over = latest;
    }
    String message = "startup %s after %s".formatted(to, Text.seconds(latest.elapsed()));
    effects.add(() -> LOG.log(levelOf(to), message));
  }

  private static System.Logger.Level levelOf(StartupState state) {
    return switch (state) {
      case FAILED -> ERROR;
      case DEGRADED -> WARNING;
      case RUNNING, COMPLETE, CLOSED -> INFO;
    };
  }

  private void publish() {
    Duration elapsed = latest.state() == StartupState.RUNNING ? sinceStart() : latest.elapsed();
    latest = new StartupSnapshot(++version, state, elapsed, phases());
  }

  private List<PhaseSnapshot> phases() {
    return courses.values().stream().map(Course::snapshot).toList();
  }
}
