package dev.vestibule;

import java.time.Duration;
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

  /** The media type of {@link #toProblemJson()}, RFC 9457 section 3. */
  public static final String PROBLEM_MEDIA_TYPE = "application/problem+json";

  /**
   * The value of a {@code Retry-After} header, RFC 9110 section 10.2.3.
   *
   * @return whole seconds, rounded up, at least 1
   */
  public long retryAfterSeconds() {
    return Math.max(1, (retryAfter.toNanos() + 999_999_999L) / 1_000_000_000L);
  }

  /**
   * What a stranger may know, as problem details (RFC 9457): the reason and the phase's name, no
   * causes.
   *
   * @return one JSON object
   */
  public String toProblemJson() {
    String json =
        "{\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503,\"detail\":"
            + Text.quoted(detail())
            + ",\"reason\":"
            + Text.quoted(reason.name());
    return json + (phase == null ? "}" : ",\"phase\":" + Text.quoted(phase) + "}");
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
