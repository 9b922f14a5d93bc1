package dev.vestibule.gateway.admin;

import dev.vestibule.GateSnapshot;
import dev.vestibule.GateSnapshot.RouteSnapshot;
import dev.vestibule.PhaseFailure;
import dev.vestibule.PhaseSnapshot;
import dev.vestibule.StartupState;
import dev.vestibule.gateway.upstream.Upstream;
import dev.vestibule.waterfall.Json;
import dev.vestibule.waterfall.Outlook;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * All upstreams at one moment. Immutable.
 *
 * @param started whether each has been ready once
 * @param upstreams in the order in which they were configured
 */
record Overview(boolean started, List<At> upstreams) {

  /**
   * One upstream.
   *
   * @param name as configured
   * @param outlook where its phases stand in its present start
   * @param gate who waits for it
   */
  record At(String name, Outlook outlook, GateSnapshot gate) {

    /** Why phases failed: not for strangers. */
    List<PhaseFailure> failures() {
      return outlook.startup().phases().stream()
          .map(PhaseSnapshot::failure)
          .filter(Objects::nonNull)
          .toList();
    }

    private String toJson(boolean whole) {
      String known = outlook.toJson();
      String named = "{\"name\":" + Json.quoted(name) + "," + known.substring(1);
      if (!whole) {
        return named;
      }
      Json more =
          new Json()
              .field("failures", failures().stream().map(At::json).toList())
              .field("routes", gate.routes().stream().map(At::json).toList())
              .field("waiting", gate.waiting());
      return named.substring(0, named.length() - 1) + "," + more.toString().substring(1);
    }

    private static Json json(PhaseFailure failure) {
      return new Json()
          .field("phase", failure.phase())
          .field("elapsedMillis", failure.elapsed())
          .field("cause", failure.rootCause());
    }

    private static Json json(RouteSnapshot route) {
      return new Json()
          .field("route", route.pattern())
          .field("state", route.state())
          .field("phase", route.phase())
          .field("reason", route.reason())
          .field("waiting", route.waiting());
    }
  }

  static Overview of(Availability availability) {
    return new Overview(availability.isStarted(), now(availability.upstreams()));
  }

  private static List<At> now(Collection<Upstream> upstreams) {
    return upstreams.stream()
        .map(upstream -> {
          GateSnapshot gate = upstream.gate().snapshot();
          return new At(
              upstream.name(),
              Outlook.of(upstream.startup().snapshot(), gate.routes(), null),
              gate);
        })
        .toList();
  }

  /** The worst of them is what the whole is. */
  StartupState state() {
    for (StartupState worst :
        List.of(
            StartupState.CLOSED,
            StartupState.FAILED,
            StartupState.RUNNING,
            StartupState.DEGRADED)) {
      if (upstreams.stream().anyMatch(it -> it.outlook().startup().state() == worst)) {
        return worst;
      }
    }
    return StartupState.COMPLETE;
  }

  boolean isLive() {
    return upstreams.stream().anyMatch(it -> it.outlook().isLive());
  }

  /** For anyone to read: no causes, no addresses, nobody who waits. */
  String toJson() {
    return toJson(false);
  }

  /** For the admin side. */
  String toWholeJson() {
    return toJson(true);
  }

  private String toJson(boolean whole) {
    return "{\"state\":%s,\"started\":%s,\"upstreams\":[%s]}"
        .formatted(
            Json.quoted(state().name()),
            started,
            upstreams.stream().map(it -> it.toJson(whole)).collect(Collectors.joining(",")));
  }
}
