package dev.vestibule.chat.model;

import com.openai.core.http.Headers;
import com.openai.errors.OpenAIInvalidDataException;
import com.openai.errors.OpenAIServiceException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells what the library's exceptions mean. Safe for use by many threads. */
final class FailureReader {

  private static final int LONGEST = 300;
  private static final Duration LONGEST_WAIT = Duration.ofDays(1);

  private final ModelSettings settings;
  private final InstantSource clock;

  FailureReader(ModelSettings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Reads one.
   *
   * @param answered whether the endpoint had begun to answer
   */
  ModelFailure read(Throwable failure, boolean answered) {
    OpenAIServiceException status = find(failure, OpenAIServiceException.class);
    if (status != null) {
      return new ModelFailure(kind(status.statusCode()), line(status), after(status.headers()));
    }
    // Before the next: what cannot be parsed is an IOException too.
    OpenAIInvalidDataException malformed = find(failure, OpenAIInvalidDataException.class);
    if (malformed != null) {
      return new ModelFailure(ModelFailure.Kind.MALFORMED, line(malformed));
    }
    IOException lost = find(failure, IOException.class);
    if (lost != null) {
      boolean noConnection =
          lost instanceof ConnectException || lost instanceof HttpTimeoutException || !answered;
      return new ModelFailure(
          noConnection ? ModelFailure.Kind.UNREACHABLE : ModelFailure.Kind.CUT, line(lost));
    }
    if (find(failure, UnresolvedAddressException.class) != null) {
      return new ModelFailure(ModelFailure.Kind.UNREACHABLE, line(failure));
    }
    return new ModelFailure(ModelFailure.Kind.MALFORMED, line(failure));
  }

  private static ModelFailure.Kind kind(int status) {
    return switch (status) {
      case 401, 403 -> ModelFailure.Kind.KEY;
      case 404, 405 -> ModelFailure.Kind.MISSING;
      case 429 -> ModelFailure.Kind.BUSY;
      // An event in the stream that says "error" has the stream's own status, 200.
      case 200, 408 -> ModelFailure.Kind.ERROR;
      default -> {
        if (status >= 500) {
          yield ModelFailure.Kind.ERROR;
        }
        yield status < 400 ? ModelFailure.Kind.MOVED : ModelFailure.Kind.REFUSED;
      }
    };
  }

  private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
    int deep = 0;
    for (Throwable t = failure; t != null && deep < 16; t = t.getCause(), deep++) {
      if (type.isInstance(t)) {
        return type.cast(t);
      }
    }
    return null;
  }

  /** One line for the log: an endpoint may write anything, and may repeat the key. */
  private String line(Throwable failure) {
    String text = settings.redact(failure.getClass().getSimpleName() + ": " + failure.getMessage());
    String line = text.replaceAll("\\p{Cntrl}+", " ");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "\u2026";
  }

  /** {@code Retry-After}, RFC 9110 section 10.2.3: seconds, or a time. */
  private @Nullable Duration after(Headers headers) {
    List<String> values = headers.values("Retry-After");
    if (values.isEmpty()) {
      return null;
    }
    String value = values.getFirst().strip();
    Duration after;
    try {
      if (value.matches("\\d{1,9}")) {
        after = Duration.ofSeconds(Long.parseLong(value));
      } else {
        Instant at = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value));
        after = Duration.between(clock.instant(), at);
      }
    } catch (DateTimeException e) {
      return null;
    }
    if (after.isNegative()) {
      return Duration.ZERO;
    }
    return after.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : after;
  }
}
