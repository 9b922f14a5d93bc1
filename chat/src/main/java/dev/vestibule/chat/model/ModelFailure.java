package dev.vestibule.chat.model;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why a model did not answer, or stopped. */
final class ModelFailure extends Exception {

  /** What went wrong, what to do about it, and whether it speaks against the endpoint. */
  enum Kind {
    /** Its breaker is open: it was not even asked. */
    DOWN(false, false, "it has failed several times in a row"),
    UNREACHABLE(true, true, "it cannot be reached"),
    ERROR(true, true, "it reported an error"),
    /** It works, and asks for patience. */
    BUSY(true, false, "it is asked too much just now"),
    KEY(
        false,
        false,
        "it does not accept this server's key, which whoever runs the server has to correct"),
    MISSING(
        false,
        false,
        "there is none under the address and name that this server was given, which whoever runs"
            + " the server has to correct"),
    /** Redirects are not followed: the key would go to another host. */
    MOVED(
        false, false, "it is at another address now, which whoever runs the server has to correct"),
    REFUSED(false, false, "it did not accept the question"),
    /** Not tried again: who is slow is not helped by a second question. */
    SILENT(false, true, "nothing came in time"),
    STALLED(false, true, "nothing more came in time"),
    CUT(true, true, "the connection was lost"),
    MALFORMED(true, true, "what it sent could not be understood"),
    LENGTH(false, false, "it reached its length"),
    FILTERED(false, false, "it was filtered"),
    /** The stream is whole, and gives no reason for its end that we know as a good one. */
    UNFINISHED(false, false, "it stopped before it was finished"),
    TOO_LONG(false, false, "the answer took too long"),
    EMPTY(false, false, "it said nothing"),
    /** Nobody wants the answer any more. */
    STOPPED(false, false, "the answer is not wanted any more");

    private final boolean retried;
    private final boolean counted;
    private final String words;

    Kind(boolean retried, boolean counted, String words) {
      this.retried = retried;
      this.counted = counted;
      this.words = words;
    }

    /** Whether asking once more may help. */
    boolean isRetried() {
      return retried;
    }

    /** Whether it counts for the breaker. */
    boolean isCounted() {
      return counted;
    }

    /** For figures: one lower-case word. */
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** For whoever asked; goes behind a colon. */
    String words() {
      return words;
    }
  }

  private final Kind kind;
  private final @Nullable Duration retryAfter;

  /**
   * Describes it.
   *
   * @param detail for the log alone; without the key
   * @param retryAfter what the endpoint asks for; null when it does not say
   */
  ModelFailure(Kind kind, String detail, @Nullable Duration retryAfter) {
    super(kind + ": " + detail, null, false, false);
    this.kind = kind;
    this.retryAfter = retryAfter;
  }

  ModelFailure(Kind kind, String detail) {
    this(kind, detail, null);
  }

  Kind kind() {
    return kind;
  }

  @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
