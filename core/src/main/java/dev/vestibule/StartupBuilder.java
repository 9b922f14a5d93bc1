package dev.vestibule;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Defines the phases of a startup, a directed acyclic graph by name. Not safe for use by many
 * threads.
 */
public final class StartupBuilder {

  private final Map<String, PhaseDefinition> phases = new LinkedHashMap<>();
  private final Mistakes mistakes = new Mistakes("startup");
  private Ticker ticker = Ticker.system();
  private Scheduler scheduler = Scheduler.system();
  private @Nullable Executor executor;
  private @Nullable PhaseTimeouts timeouts;

  StartupBuilder() {}

  /**
   * Adds a phase. Snapshots and the timeline keep the order in which phases are added.
   *
   * @param name unique; strangers may read it, so it should not give anything away
   * @param definition says what kind of phase it is and what it comes after
   * @return this
   */
  public StartupBuilder phase(String name, Consumer<PhaseBuilder> definition) {
    if (name.isBlank()) {
      mistakes.add("phase: '%s' (expected: a name)", name);
    }
    PhaseBuilder phase = new PhaseBuilder(name, mistakes);
    definition.accept(phase);
    if (phases.putIfAbsent(name, phase.define()) != null) {
      mistakes.add("phase: %s (expected: defined once)", name);
    }
    return this;
  }

  /**
   * The clock that measures phases.
   *
   * @param ticker by default {@link Ticker#system()}
   * @return this
   */
  public StartupBuilder ticker(Ticker ticker) {
    this.ticker = Objects.requireNonNull(ticker, "ticker");
    return this;
  }

  /**
   * Runs timeouts, retries and polls when they are due.
   *
   * @param scheduler by default {@link Scheduler#system()}
   * @return this
   */
  public StartupBuilder scheduler(Scheduler scheduler) {
    this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
    return this;
  }

  /**
   * Where tasks and probes run.
   *
   * @param executor must have a free thread for every phase that may run at the same time, or they
   *     wait for each other; by default each attempt gets a new daemon thread named after its phase
   * @return this
   */
  public StartupBuilder executor(Executor executor) {
    this.executor = Objects.requireNonNull(executor, "executor");
    return this;
  }

  /**
   * Gives a time limit to the phases that name none; asked once per phase, by {@link #build()}.
   *
   * @param timeouts by default there is none, and such phases are not limited
   * @return this
   */
  public StartupBuilder timeouts(PhaseTimeouts timeouts) {
    this.timeouts = Objects.requireNonNull(timeouts, "timeouts");
    return this;
  }

  /**
   * Checks the definition.
   *
   * @return a startup that has not been started
   * @throws IllegalArgumentException naming every mistake: unknown and duplicate names, whole
   *     cycles, values out of range
   */
  public Startup build() {
    if (phases.isEmpty()) {
      mistakes.add("phases: none (expected: at least one)");
    }
    for (PhaseDefinition phase : phases.values()) {
      for (String name : phase.after()) {
        if (!phases.containsKey(name)) {
          mistakes.add(
              "phase %s.after: %s (expected: one of %s)", phase.name(), name, phases.keySet());
        }
      }
    }
    findCycles();
    mistakes.throwIfAny();
    List<PhaseTimeout> limits = limits();
    mistakes.throwIfAny();
    List<PhaseDefinition> definitions = new ArrayList<>();
    for (PhaseTimeout limit : limits) {
      definitions.add(defined(limit.phase()).within(limit.limit()));
    }
    return new Startup(List.copyOf(definitions), limits, ticker, scheduler, executor);
  }

  /** Only here is the whole graph known, by which one that learns tells it from others. */
  private List<PhaseTimeout> limits() {
    List<PhaseSnapshot> graph = phases.values().stream().map(PhaseDefinition::pending).toList();
    List<PhaseTimeout> limits = new ArrayList<>();
    for (PhaseDefinition phase : phases.values()) {
      String name = phase.name();
      Duration explicit = phase.timeout();
      Duration given = explicit == null && timeouts != null ? timeouts.of(name, graph) : explicit;
      if (given == null) {
        limits.add(new PhaseTimeout(name, null, "none"));
      } else if (explicit != null || timeouts == null) {
        limits.add(new PhaseTimeout(name, given, "explicit"));
      } else {
        mistakes.expectPositive("phase " + name + ".timeout", given);
        limits.add(new PhaseTimeout(name, given, timeouts.source(name, graph)));
      }
    }
    return limits;
  }

  private PhaseDefinition defined(String name) {
    return Objects.requireNonNull(phases.get(name), name);
  }

  private void findCycles() {
    Set<String> cleared = new HashSet<>();
    for (String name : phases.keySet()) {
      follow(name, new ArrayDeque<>(), cleared);
    }
  }

  private void follow(String name, Deque<String> path, Set<String> cleared) {
    PhaseDefinition phase = phases.get(name);
    if (phase == null || cleared.contains(name)) {
      return;
    }
    if (path.contains(name)) {
      List<String> cycle = new ArrayList<>(path);
      cycle = cycle.subList(cycle.indexOf(name), cycle.size());
      mistakes.add("after: %s -> %s (expected: no cycle)", String.join(" -> ", cycle), name);
      return;
    }
    path.addLast(name);
    for (String next : phase.after()) {
      follow(next, path, cleared);
    }
    path.removeLast();
    cleared.add(name);
  }
}
