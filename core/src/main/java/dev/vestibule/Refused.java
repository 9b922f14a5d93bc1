package dev.vestibule;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An arrival was not let in.
 *
 * @param reason why
 * @param retryAfter when to come back: jittered, at least 1 s
 * @param phase the phase that it failed on or waited for; null when no phase is to blame
 * @param waited from the client's knock to this refusal
 */
public record Refused(Reason reason, Duration retryAfter, @Nullable String phase, Duration waited)
    implements Admission {

  // A close frame has at most 125 bytes of payload, two of which are the code: RFC 6455, 5.5.
  private static final int MOST_CLOSE_REASON = 123;

  /**
   * The value of a {@code Retry-After} header, RFC 9110 section 10.2.3.
   *
   * @return whole seconds, rounded up, at least 1
   */
  public long retryAfterSeconds() {
    return Math.max(1, retryAfter.plusNanos(999_999_999).toSeconds());
  }

  /**
   * What a stranger may know, as problem details: the reason and the phase's name, no causes.
   *
   * @return a problem with status 503
   */
  public Problem problem() {
    Map<String, String> more = new LinkedHashMap<>();
    more.put("reason", reason.name());
    if (phase != null) {
      more.put("phase", phase);
    }
    return new Problem(503, "Service Unavailable", detail(), more);
  }

  /**
   * The code of a close frame that says so, from the IANA registry of WebSocket close codes.
   *
   * @return 1012, service restart, when draining; else 1013, try again later; never 1011, which is
   *     for what nobody foresaw
   */
  public int closeCode() {
    return reason == Reason.DRAINING ? 1012 : 1013;
  }

  /**
   * The reason of such a close frame: what {@link #problem()} says, as far as it fits. For example
   * {@code STARTUP_FAILED: database; retry after 7 s}.
   *
   * @return at most 123 bytes in UTF-8; a phase's name that is too long is cut
   */
  public String closeReason() {
    String end = "; retry after " + retryAfterSeconds() + " s";
    if (phase == null) {
      return reason.name() + end;
    }
    String begin = reason.name() + ": ";
    int space = MOST_CLOSE_REASON - begin.length() - end.length();
    return begin + Text.cut(phase, space) + end;
  }

  private String detail() {
    return switch (reason) {
      case DRAINING -> "The server is going away; try again in a moment.";
      case STARTUP_FAILED -> "The server could not start.";
      case DEPENDENCY_DOWN -> "Something that the server needs is away.";
      case FULL -> "As many as can wait are waiting already.";
      case TOO_LONG -> "The server will not be ready within the time that there is.";
      case BUSY -> "The server is ready, but too many came before.";
      case BUDGET_SPENT -> "The server did not become ready in time.";
    };
  }
}
