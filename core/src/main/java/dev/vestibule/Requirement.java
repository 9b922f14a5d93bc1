package dev.vestibule;

import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a route needs of a startup, and what follows from where the phases stand.
 *
 * @param needed names of all phases that count: those named, and the required ones that these come
 *     after
 * @param named those that the route itself names, which must be ready even if they are optional
 */
record Requirement(Set<String> needed, Set<String> named) {

  static final Requirement NONE = new Requirement(Set.of(), Set.of());

  static Requirement of(Startup startup, Set<String> named, boolean all) {
    Set<String> needed = new LinkedHashSet<>();
    for (String name : all ? startup.phaseNames() : named) {
      include(startup, name, needed);
    }
    return new Requirement(Set.copyOf(needed), all ? Set.of() : Set.copyOf(named));
  }

  private static void include(Startup startup, String name, Set<String> needed) {
    if (!needed.add(name)) {
      return;
    }
    for (String before : Objects.requireNonNull(startup.definition(name)).after()) {
      if (!Objects.requireNonNull(startup.definition(before)).optional()) {
        include(startup, before, needed);
      }
    }
  }

  /**
   * What the route does, given the phases: refuse if any of them cannot come any more, by {@link
   * Reason}'s precedence, else hold for the first that is down, else for the first that is to come.
   */
  Standing standing(StartupSnapshot startup, long generation) {
    Standing standing = new Standing(RouteState.OPEN, generation, null, null);
    for (PhaseSnapshot phase : startup.phases()) {
      if (needed.contains(phase.name()) && !passes(phase)) {
        Standing because = because(startup, phase, generation);
        if (standing.isOpen() || outranks(because, standing)) {
          standing = because;
        }
      }
    }
    return standing;
  }

  /** The phases that the route needs and lacks. */
  Set<String> lacking(StartupSnapshot startup) {
    return startup.phases().stream()
        .filter(phase -> needed.contains(phase.name()) && !passes(phase))
        .map(PhaseSnapshot::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** What the route does if nothing but this phase stands in the way. */
  private static Standing because(StartupSnapshot startup, PhaseSnapshot phase, long generation) {
    return switch (phase.state()) {
      case CANCELLED -> new Standing(RouteState.REFUSE, generation, Reason.DRAINING, null);
      case FAILED, SKIPPED ->
          new Standing(
              RouteState.REFUSE, generation, Reason.STARTUP_FAILED, culprit(startup, phase));
      case DOWN -> new Standing(RouteState.HOLD, generation, Reason.DEPENDENCY_DOWN, phase.name());
      case PENDING, RUNNING, READY -> new Standing(RouteState.HOLD, generation, null, phase.name());
    };
  }

  private static boolean outranks(Standing standing, Standing other) {
    Reason reason = standing.reason();
    Reason told = other.reason();
    return reason != null && (told == null || reason.compareTo(told) < 0);
  }

  private boolean passes(PhaseSnapshot phase) {
    if (phase.state() == PhaseState.READY) {
      return true;
    }
    boolean mayLack = phase.optional() && !named.contains(phase.name());
    return mayLack && phase.state().isSettled();
  }

  /** The phase that failed, for one that was skipped because of it. */
  private static String culprit(StartupSnapshot startup, PhaseSnapshot phase) {
    if (phase.state() == PhaseState.SKIPPED) {
      for (String name : phase.after()) {
        PhaseSnapshot before = startup.phase(name);
        if (before.state().isLostCause() && !before.optional()) {
          return culprit(startup, before);
        }
      }
    }
    return phase.name();
  }
}
