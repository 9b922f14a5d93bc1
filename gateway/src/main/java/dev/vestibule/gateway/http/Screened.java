package dev.vestibule.gateway.http;

import dev.vestibule.Problem;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a request turned out to be, from its head alone. Immutable. See {@link Screening}. */
public sealed interface Screened {

  /**
   * A request that is no upgrade, whatever it says about one.
   *
   * @param path decoded, for routes; what is passed on is the target as it was sent
   */
  record PlainRequest(String path) implements Screened {}

  /**
   * A handshake that may be held.
   *
   * @param path decoded, for routes; what is passed on is the target as it was sent
   * @param key what the server's 101 is checked against
   */
  record UpgradeRequest(String path, AcceptKey key) implements Screened {

    /**
     * Whether it may come from the page that sent it. A browser always says which that is; others
     * may say nothing, and are let in: an allowlist protects those who are signed in in a browser
     * (RFC 6455 section 10.2).
     *
     * @param request the request that this was made of
     * @param origins compared whole, but whatever the case; empty: anyone
     * @return why not, with status 403; null when it may
     */
    public static @Nullable Rejected originMistake(HttpRequest request, Set<String> origins) {
      List<String> sent = request.headers().getAll(HttpHeaderNames.ORIGIN);
      if (origins.isEmpty() || sent.isEmpty()) {
        return null;
      }
      boolean allowed =
          sent.size() == 1 && origins.stream().anyMatch(sent.getFirst()::equalsIgnoreCase);
      return allowed ? null : Rejected.of(403, "Origin: not allowed here");
    }
  }

  /**
   * A request that goes nowhere. The connection is closed after the answer, because where the next
   * request would begin may be what is in doubt.
   *
   * @param problem the answer: its status is 400 to 599
   */
  record Rejected(Problem problem) implements Screened {

    /**
     * The status of the answer.
     *
     * @return 400 to 599
     */
    public int status() {
      return problem.status();
    }

    static Rejected of(int status, String detail) {
      String title = HttpResponseStatus.valueOf(status).reasonPhrase();
      return new Rejected(new Problem(status, title, detail));
    }
  }
}
