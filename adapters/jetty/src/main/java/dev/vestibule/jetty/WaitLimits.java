package dev.vestibule.jetty;

import dev.vestibule.Arrival;
import dev.vestibule.Bound;
import dev.vestibule.clients.ClientProfiles;
import dev.vestibule.clients.RequestedWait;
import java.time.Duration;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** What limits a request's time besides its route: its client, its library, a hop in front. */
final class WaitLimits {

  private static final String PREFER = "Prefer";

  // Whoever gives up by itself must hear why before it does.
  private static final Duration LEAD = Duration.ofMillis(500);

  private final @Nullable ClientProfiles profiles;
  private final @Nullable Duration hopLimit;

  WaitLimits(@Nullable ClientProfiles profiles, @Nullable Duration hopLimit) {
    this.profiles = profiles;
    this.hopLimit = hopLimit;
  }

  /** Why what a request says of its time makes no sense, or null. */
  static @Nullable Rejection screen(Request request) {
    try {
      RequestedWait.ofQuery(request.getHttpURI().getQuery());
      return null;
    } catch (IllegalArgumentException e) {
      return new Rejection(400, String.valueOf(e.getMessage()));
    }
  }

  /** The same arrival with its limits; only for requests that pass {@link #screen}. */
  Arrival limit(Arrival arrival, Request request) {
    // Several lines are one list, RFC 9110 section 5.3.
    String preferences = String.join(",", request.getHeaders().getValuesList(PREFER));
    Arrival limited = atMost(arrival, RequestedWait.ofPrefer(preferences));
    limited = atMost(limited, RequestedWait.ofQuery(request.getHttpURI().getQuery()));
    if (profiles != null) {
      String userAgent = request.getHeaders().get(HttpHeader.USER_AGENT);
      limited = before(limited, profiles.givesUpAfter(userAgent), Bound.LIBRARY);
    }
    return before(limited, hopLimit, Bound.HOP);
  }

  private static Arrival atMost(Arrival arrival, @Nullable Duration limit) {
    return limit == null ? arrival : arrival.atMost(limit, Bound.CLIENT);
  }

  private static Arrival before(Arrival arrival, @Nullable Duration end, Bound bound) {
    return end == null ? arrival : arrival.atMost(end.minus(LEAD), bound);
  }
}
