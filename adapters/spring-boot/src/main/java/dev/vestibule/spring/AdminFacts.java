package dev.vestibule.spring;

import dev.vestibule.Estimate;
import dev.vestibule.GateSnapshot.RouteSnapshot;
import dev.vestibule.PhaseFailure;
import dev.vestibule.PhaseSnapshot;
import dev.vestibule.PhaseState;
import dev.vestibule.WaiterSnapshot;
import dev.vestibule.history.PastStart;
import dev.vestibule.spring.LastRefusals.Refusal;
import dev.vestibule.waterfall.Json;
import dev.vestibule.waterfall.Outlook;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the admin side knows beyond what everybody may know. Immutable.
 *
 * @param outlook what everybody may know
 * @param away phases that are down
 * @param routes what each route does now
 * @param waiting how many wait
 * @param waiters those who have waited longest
 * @param refusals the newest first
 * @param pastStarts the newest first; null where they could not be read
 * @param mounted paths of what else the admin side shows
 */
record AdminFacts(
    Outlook outlook,
    List<Away> away,
    List<RouteNow> routes,
    int waiting,
    List<WaiterSnapshot> waiters,
    List<Refusal> refusals,
    @Nullable List<PastStart> pastStarts,
    List<String> mounted) {

  /** How many of those who wait are named. */
  static final int MOST_WAITERS = 50;

  /** How many starts are shown. */
  static final int MOST_STARTS = 10;

  /**
   * Something that was lost.
   *
   * @param phase its name
   * @param backIn how long it will be away at least; null where nobody said so
   */
  record Away(String phase, @Nullable Duration backIn) {

    static List<Away> of(Outlook outlook, @Nullable Duration sinceStart) {
      List<Away> away = new ArrayList<>();
      for (PhaseSnapshot phase : outlook.startup().phases()) {
        if (phase.state() == PhaseState.DOWN) {
          away.add(new Away(phase.name(), left(phase.backAt(), sinceStart)));
        }
      }
      return away;
    }

    private static @Nullable Duration left(@Nullable Duration back, @Nullable Duration now) {
      if (back == null || now == null) {
        return null;
      }
      return back.compareTo(now) < 0 ? Duration.ZERO : back.minus(now);
    }
  }

  /**
   * A route.
   *
   * @param route as the gate tells it
   * @param opensIn until it opens; null where that is not known
   */
  record RouteNow(RouteSnapshot route, @Nullable Estimate opensIn) {}

  /** Why phases failed. */
  List<PhaseFailure> failures() {
    List<PhaseFailure> failures = new ArrayList<>();
    for (PhaseSnapshot phase : outlook.startup().phases()) {
      PhaseFailure failure = phase.failure();
      if (failure != null) {
        failures.add(failure);
      }
    }
    return failures;
  }

  String toJson() {
    Json more =
        new Json()
            .field("failures", failures().stream().map(AdminFacts::json).toList())
            .field("away", away.stream().map(AdminFacts::json).toList())
            .field("routes", routes.stream().map(AdminFacts::json).toList())
            .field("waiting", waiting)
            .field("waiters", waiters.stream().map(AdminFacts::json).toList())
            .field("refusals", refusals.stream().map(AdminFacts::json).toList())
            .field("mounted", mounted.stream().map(it -> new Json().field("path", it)).toList());
    if (pastStarts != null) {
      more.field("pastStarts", pastStarts.stream().map(AdminFacts::json).toList());
    }
    String known = outlook.toJson();
    return known.substring(0, known.length() - 1) + "," + more.toString().substring(1);
  }

  private static Json json(PhaseFailure failure) {
    return new Json()
        .field("phase", failure.phase())
        .field("attempt", failure.attempt())
        .field("attempts", failure.attempts())
        .field("elapsedMillis", failure.elapsed())
        .field("cause", failure.rootCause());
  }

  private static Json json(Away away) {
    return new Json().field("phase", away.phase()).field("backInMillis", away.backIn());
  }

  private static Json json(RouteNow now) {
    RouteSnapshot route = now.route();
    Estimate opensIn = now.opensIn();
    return new Json()
        .field("route", route.pattern())
        .field("state", route.state())
        .field("phase", route.phase())
        .field("reason", route.reason())
        .field("waiting", route.waiting())
        .field("opensInMillis", opensIn == null ? null : opensIn.p50());
  }

  private static Json json(WaiterSnapshot waiter) {
    return new Json()
        .field("route", waiter.route())
        .field("client", text(waiter.client()))
        .field("waitedMillis", waiter.waited())
        .field("leftMillis", waiter.left())
        .field("bound", waiter.bound());
  }

  private static Json json(Refusal refusal) {
    return new Json()
        .field("at", refusal.at())
        .field("route", refusal.how().route())
        .field("reason", refusal.how().reason())
        .field("phase", refusal.how().phase())
        .field("client", text(refusal.how().client()))
        .field("waitedMillis", refusal.how().waited())
        .field("limitMillis", refusal.how().limit())
        .field("bound", refusal.how().bound());
  }

  private static Json json(PastStart start) {
    return new Json()
        .field("at", start.at())
        .field("state", start.state())
        .field("elapsedMillis", start.elapsed())
        .field(
            "phases",
            start.phases().entrySet().stream()
                .map(it ->
                    new Json()
                        .field("name", it.getKey())
                        .field("end", it.getValue().end())
                        .field("tookMillis", it.getValue().took()))
                .toList());
  }

  static @Nullable String text(@Nullable InetAddress address) {
    return address == null ? null : address.getHostAddress();
  }
}
