package dev.vestibule;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The design's rules for phases and routes, one thing after another, with no thought of speed. */
final class PhaseModel {

  static final class Phase {
    final String name;
    final List<String> after;
    final boolean optional;
    final int timeout;
    PhaseState state = PhaseState.PENDING;
    @Nullable Boolean kept;
    int seconds;

    Phase(String name, List<String> after, boolean optional, int timeout) {
      this.name = name;
      this.after = after;
      this.optional = optional;
      this.timeout = timeout;
    }

    boolean ended() {
      return state == PhaseState.FAILED
          || state == PhaseState.SKIPPED
          || state == PhaseState.CANCELLED;
    }

    @Override
    public String toString() {
      return name + after + (optional ? "?" : "") + (timeout > 0 ? "<" + timeout : "");
    }
  }

  final List<Phase> phases;
  final List<String> required;
  StartupState startup = StartupState.RUNNING;
  private boolean started;

  private PhaseModel(List<Phase> phases, List<String> required) {
    this.phases = phases;
    this.required = required;
  }

  static PhaseModel random(Random random) {
    int size = 1 + random.nextInt(7);
    List<Phase> phases = new ArrayList<>();
    List<String> required = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      List<String> after = new ArrayList<>();
      for (Phase before : phases) {
        if (random.nextInt(3) == 0) {
          after.add(before.name);
        }
      }
      phases.add(
          new Phase("p" + i, after, random.nextInt(3) == 0, Math.max(0, random.nextInt(12) - 6)));
      if (i == 0 || random.nextInt(3) == 0) {
        required.add("p" + i);
      }
    }
    // Declared in any order: a phase may come after one that is declared later.
    java.util.Collections.shuffle(phases, random);
    return new PhaseModel(phases, required);
  }

  private Phase phase(String name) {
    return phases.stream().filter(phase -> phase.name.equals(name)).findFirst().orElseThrow();
  }

  void start() {
    started = true;
    follow();
  }

  void ready(Phase phase) {
    tell(phase, true);
  }

  void failed(Phase phase) {
    tell(phase, false);
  }

  private void tell(Phase phase, boolean well) {
    if (phase.state == PhaseState.PENDING && phase.kept == null) {
      phase.kept = well;
    } else if (phase.state == PhaseState.RUNNING) {
      phase.state = well ? PhaseState.READY : PhaseState.FAILED;
    } else if (phase.state == PhaseState.DOWN && well) {
      phase.state = PhaseState.READY;
    }
    follow();
  }

  void lost(Phase phase) {
    if (phase.state == PhaseState.READY) {
      phase.state = PhaseState.DOWN;
    }
    follow();
  }

  void regained(Phase phase) {
    if (phase.state == PhaseState.DOWN) {
      phase.state = PhaseState.READY;
    }
    follow();
  }

  void second() {
    List<Phase> running =
        phases.stream().filter(phase -> phase.state == PhaseState.RUNNING).toList();
    for (Phase phase : running) {
      if (++phase.seconds == phase.timeout) {
        phase.state = PhaseState.FAILED;
      }
    }
    follow();
  }

  void close() {
    startup = StartupState.CLOSED;
    for (Phase phase : phases) {
      if (phase.state == PhaseState.PENDING || phase.state == PhaseState.RUNNING) {
        phase.state = PhaseState.CANCELLED;
      }
    }
  }

  /** What follows, step by step, until nothing does. */
  private void follow() {
    if (!started || startup == StartupState.CLOSED) {
      return;
    }
    boolean again = true;
    while (again) {
      again = phases.stream().anyMatch(phase -> phase.state == PhaseState.PENDING && step(phase));
    }
    if (startup != StartupState.RUNNING) {
      return;
    }
    if (phases.stream().anyMatch(phase -> phase.ended() && !phase.optional)) {
      startup = StartupState.FAILED;
    } else if (phases.stream()
        .noneMatch(
            phase -> phase.state == PhaseState.PENDING || phase.state == PhaseState.RUNNING)) {
      boolean degraded = phases.stream().anyMatch(Phase::ended);
      startup = degraded ? StartupState.DEGRADED : StartupState.COMPLETE;
    }
  }

  private boolean step(Phase phase) {
    List<Phase> before = phase.after.stream().map(this::phase).toList();
    if (before.stream().anyMatch(other -> other.ended() && !other.optional)) {
      phase.state = PhaseState.SKIPPED;
      return true;
    }
    boolean passed =
        before.stream()
            .allMatch(other ->
                other.state == PhaseState.READY
                    || (other.optional && (other.ended() || other.state == PhaseState.DOWN)));
    if (!passed) {
      return false;
    }
    phase.state =
        phase.kept == null ? PhaseState.RUNNING : phase.kept ? PhaseState.READY : PhaseState.FAILED;
    return true;
  }

  /** What a route does that names these phases, or that requires all if it names none. */
  RouteState route(List<String> named) {
    Set<Phase> needed = new LinkedHashSet<>();
    if (named.isEmpty()) {
      needed.addAll(phases);
    }
    named.forEach(name -> need(phase(name), needed));
    RouteState state = RouteState.OPEN;
    for (Phase phase : needed) {
      boolean mayLack = phase.optional && !named.contains(phase.name);
      if (phase.ended() && !mayLack) {
        return RouteState.REFUSE;
      }
      boolean passes =
          phase.state == PhaseState.READY
              || phase.ended()
              || (mayLack && phase.state == PhaseState.DOWN);
      if (!passes) {
        state = RouteState.HOLD;
      }
    }
    return state;
  }

  private void need(Phase phase, Set<Phase> needed) {
    needed.add(phase);
    phase.after.stream().map(this::phase).filter(p -> !p.optional).forEach(p -> need(p, needed));
  }
}
