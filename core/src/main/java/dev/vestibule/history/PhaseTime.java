package dev.vestibule.history;

/**
 * What a phase took in a past start.
 *
 * @param end how it ended
 * @param micros from its beginning to that end, in microseconds; zero when it never began
 */
record PhaseTime(End end, long micros) {

  /** How a phase ended, and the character that says so in the file. */
  enum End {
    /** Became ready: it takes this long. */
    READY('='),
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
   * Whether what comes after the phase could begin at this time; if not, this is a lower bound (a
   * censored sample). Phases after an optional one begin when it has failed, too.
   */
  boolean hasPassed(boolean optional) {
    return end == End.READY || (optional && end == End.FAILED);
  }
}
