package dev.vestibule.gateway.http;

import dev.vestibule.Arrival;
import dev.vestibule.Bound;
import dev.vestibule.clients.ClientProfiles;
import dev.vestibule.clients.RequestedWait;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What limits a request's time besides its route: what its client says, or the library that it
 * names.
 *
 * @param most from the knock
 * @param bound who says so
 */
record WaitLimit(Duration most, Bound bound) {

  private static final String PREFER = "Prefer";
  private static final ClientProfiles PROFILES = ClientProfiles.known();
  // Whoever gives up by itself must hear why before it does.
  private static final Duration LEAD = Duration.ofMillis(500);

  /**
   * The shortest limit of a request.
   *
   * @return null when there is none
   * @throws IllegalArgumentException when what the client says makes no sense
   */
  static @Nullable WaitLimit of(HttpRequest request) {
    int query = request.uri().indexOf('?');
    WaitLimit limit =
        of(
            RequestedWait.ofQuery(query < 0 ? null : request.uri().substring(query + 1)),
            Bound.CLIENT);
    // Several lines are one list, RFC 9110 section 5.3.
    String preferences = String.join(",", request.headers().getAll(PREFER));
    limit = shorter(limit, of(RequestedWait.ofPrefer(preferences), Bound.CLIENT));
    Duration end = PROFILES.givesUpAfter(request.headers().get(HttpHeaderNames.USER_AGENT));
    return shorter(limit, end == null ? null : of(end.minus(LEAD), Bound.LIBRARY));
  }

  Arrival limit(Arrival arrival) {
    return arrival.atMost(most, bound);
  }

  private static @Nullable WaitLimit of(@Nullable Duration most, Bound bound) {
    return most == null ? null : new WaitLimit(most, bound);
  }

  private static @Nullable WaitLimit shorter(@Nullable WaitLimit one, @Nullable WaitLimit other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.most().compareTo(other.most()) <= 0 ? one : other;
  }
}
