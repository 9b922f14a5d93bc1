package dev.vestibule.history;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * What a phase took in a past start. Immutable.
 *
 * @param end how it ended
 * @param micros from its beginning to that end, in microseconds; zero when it never began
 */
public record PhaseTime(End end, long micros) {

  /** How a phase ended, and the character that says so in the file. */
  public enum End {
    /** Became ready: it takes this long. */
    READY('='),
    /**
     * Became ready, but not at its first attempt: all of them and the pauses between them take this
     * long. A time limit is for one attempt, so it says nothing about that.
     */
    RETRIED('~'),
    /** Failed, or ran out of time: it would have taken longer than this. */
    FAILED('!'),
    /** Did not end by itself, or never began: it takes at least this long. */
    CUT('>');

    final char mark;

    End(char mark) {
      this.mark = mark;
    }
  }

  /**
   * How long that was.
   *
   * @return from its beginning to that end, zero when it never began
   */
  public Duration took() {
    return Duration.of(micros, ChronoUnit.MICROS);
  }

  /**
   * Whether it would have taken longer, had it not ended otherwise.
   *
   * @return true unless it became ready: then {@link #took()} is a lower bound (a censored sample)
   */
  public boolean isCensored() {
    return end != End.READY && end != End.RETRIED;
  }

  /**
   * Whether what comes after the phase could begin at this time; if not, this is a lower bound (a
   * censored sample). Phases after an optional one begin when it has failed, too.
   */
  boolean hasPassed(boolean optional) {
    return !isCensored() || (optional && end == End.FAILED);
  }
}
