package dev.vestibule.chat.conversation;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Hears how long answers took. Called once for each run, on the thread that ends it; must be quick,
 * must not block, and must be safe for use by many threads.
 */
@FunctionalInterface
public interface AnswerTimes {

  /** How an answer ended. */
  enum Outcome {
    /** With its last word. */
    COMPLETE,
    /** Before it, because something failed. */
    BROKEN_OFF,
    /** Before it, because the process ended. */
    STOPPED
  }

  /**
   * An answer has ended, and is in the database.
   *
   * @param assistant the name of who answered
   * @param toFirstToken from the message being stored to the answer's first text; null when there
   *     was none
   * @param total from the message being stored to the answer's end
   * @param outcome how it ended
   */
  void answered(String assistant, @Nullable Duration toFirstToken, Duration total, Outcome outcome);

  /**
   * Hears nothing.
   *
   * @return always the same
   */
  static AnswerTimes none() {
    return (assistant, toFirstToken, total, outcome) -> {};
  }
}
