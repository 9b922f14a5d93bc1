package dev.vestibule;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Describes what one route requires. Mistakes are reported together by {@link GateBuilder#build()}.
 */
public final class RouteBuilder {

  private final RoutePattern pattern;
  private final Mistakes mistakes;
  private final Set<String> required = new LinkedHashSet<>();
  private boolean requiresAll;
  private @Nullable Duration holdAtMost;

  RouteBuilder(RoutePattern pattern, Mistakes mistakes) {
    this.pattern = pattern;
    this.mistakes = mistakes;
  }

  /**
   * The route opens when these phases are ready, and with them every required phase that they come
   * after. An optional phase that is named here must be ready too; one that is not named may fail.
   *
   * @param phases names of phases; none at all means that the route is open from the start
   * @return this
   */
  public RouteBuilder requires(String... phases) {
    required.addAll(List.of(phases));
    return this;
  }

  /**
   * The route opens when startup is complete: every required phase ready, every optional one ready
   * or failed.
   *
   * @return this
   */
  public RouteBuilder requiresAll() {
    requiresAll = true;
    return this;
  }

  /**
   * The longest that an arrival waits here, if less than the gate's.
   *
   * @param limit more than zero; default: the gate's
   * @return this
   */
  public RouteBuilder holdAtMost(Duration limit) {
    mistakes.expectPositive("route " + pattern + ".holdAtMost", limit);
    holdAtMost = limit;
    return this;
  }

  Route build(Startup startup, Gate gate, Duration gateHold) {
    for (String name : required) {
      if (startup.definition(name) == null) {
        mistakes.add(
            "route %s.requires: %s (expected: one of %s)", pattern, name, startup.phaseNames());
      }
    }
    if (requiresAll && !required.isEmpty()) {
      mistakes.add("route %s: requires and requiresAll (expected: one of them)", pattern);
    }
    boolean shorter = holdAtMost != null && holdAtMost.compareTo(gateHold) < 0;
    Duration hold = shorter ? Objects.requireNonNull(holdAtMost) : gateHold;
    Requirement requirement =
        mistakes.isEmpty() ? Requirement.of(startup, required, requiresAll) : Requirement.NONE;
    return new Route(pattern, requirement, gate, hold, shorter ? Bound.ROUTE : Bound.GATE);
  }
}
