package dev.vestibule.waterfall;

import static java.lang.System.Logger.Level.DEBUG;

import dev.vestibule.Estimate;
import dev.vestibule.Estimator;
import dev.vestibule.GateSnapshot.RouteSnapshot;
import dev.vestibule.PhaseSnapshot;
import dev.vestibule.PhaseState;
import dev.vestibule.StartupSnapshot;
import dev.vestibule.StartupState;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A startup at one moment, with what is to be expected of it. Nothing in its JSON is a secret.
 * Immutable.
 *
 * @param startup where every phase stands
 * @param routes what each route did with arrivals a moment later
 * @param estimate how much longer startup will take; null when that is not known, or it is over
 * @param estimates the same of each phase that has not settled, as far as it is known
 * @param criticalPath the names of the phases that decide when startup ends
 */
public record Outlook(
    StartupSnapshot startup,
    List<RouteSnapshot> routes,
    @Nullable Estimate estimate,
    Map<String, Estimate> estimates,
    Set<String> criticalPath) {

  /** Copies the collections, so that the record is immutable. */
  public Outlook {
    routes = List.copyOf(routes);
    estimates = Collections.unmodifiableMap(new LinkedHashMap<>(estimates));
    criticalPath = Collections.unmodifiableSet(new LinkedHashSet<>(criticalPath));
  }

  private static final System.Logger LOG = System.getLogger(Outlook.class.getName());

  /**
   * Looks ahead.
   *
   * @param startup where every phase stands
   * @param routes what each route does with arrivals
   * @param estimator asked how much longer it will take; null: nothing is known of that
   * @return what is to be expected
   */
  public static Outlook of(
      StartupSnapshot startup, List<RouteSnapshot> routes, @Nullable Estimator estimator) {
    Map<String, Estimate> estimates = new LinkedHashMap<>();
    for (PhaseSnapshot phase : startup.phases()) {
      Estimate known =
          phase.state().isSettled() ? null : ask(estimator, startup, Set.of(phase.name()));
      if (known != null) {
        estimates.put(phase.name(), known);
      }
    }
    Estimate whole = null;
    if (startup.state() == StartupState.RUNNING) {
      whole =
          ask(
              estimator,
              startup,
              startup.phases().stream().map(PhaseSnapshot::name).collect(Collectors.toSet()));
    }
    Set<String> path = new LinkedHashSet<>(CriticalPath.of(startup, estimates));
    return new Outlook(startup, routes, whole, estimates, path);
  }

  /** Platforms ask here whether the process has started: a bad guess must not spoil the answer. */
  private static @Nullable Estimate ask(
      @Nullable Estimator estimator, StartupSnapshot startup, Set<String> phases) {
    try {
      return estimator == null ? null : estimator.remaining(startup, phases);
    } catch (RuntimeException e) {
      LOG.log(DEBUG, "the estimator threw; nothing is said of the time that remains", e);
      return null;
    }
  }

  /**
   * Whether something may still change by itself.
   *
   * @return true while startup runs, or something is away
   */
  public boolean isLive() {
    return startup.state() == StartupState.RUNNING
        || (startup.state() != StartupState.CLOSED
            && startup.phases().stream()
                .anyMatch(it -> !it.state().isSettled() || it.state() == PhaseState.DOWN));
  }

  /** Where the time axis ends. */
  Duration until() {
    Duration until = startup.elapsed();
    for (PhaseSnapshot phase : startup.phases()) {
      until = later(until, phase.startedAt());
      until = later(until, phase.endedAt());
      Estimate left = estimates.get(phase.name());
      until = later(until, left == null ? null : startup.elapsed().plus(left.p50()));
    }
    return until;
  }

  private static Duration later(Duration one, @Nullable Duration other) {
    return other == null || one.compareTo(other) >= 0 ? one : other;
  }

  /**
   * The startup's own JSON, and what is expected; see {@code docs/chat-protocol.md}.
   *
   * @return one object on one line
   */
  public String toJson() {
    String json = startup.toJson();
    StringBuilder out = new StringBuilder(json).deleteCharAt(json.length() - 1);
    out.append(",\"estimate\":").append(json(estimate)).append(",\"estimates\":{");
    String separator = "";
    for (Map.Entry<String, Estimate> phase : estimates.entrySet()) {
      out.append(separator).append(Json.quoted(phase.getKey())).append(':');
      out.append(json(phase.getValue()));
      separator = ",";
    }
    out.append("},\"criticalPath\":[");
    out.append(criticalPath.stream().map(Json::quoted).collect(Collectors.joining(",")));
    return out.append("]}").toString();
  }

  private static String json(@Nullable Estimate estimate) {
    if (estimate == null) {
      return "null";
    }
    return new Json()
        .field("p10Millis", estimate.p10())
        .field("p50Millis", estimate.p50())
        .field("p95Millis", estimate.p95())
        .field("starts", estimate.starts())
        .toString();
  }
}
