package dev.vestibule;

import java.time.Duration;

/**
 * Why a phase failed. Tells more than strangers should know: it belongs in the log and on the admin
 * side.
 *
 * @param phase the name of the phase
 * @param attempt the attempt that failed last, counted from 1; 1 for phases that are not tried
 *     again
 * @param attempts how many attempts the phase had, at least 1
 * @param elapsed from the phase's beginning to its failure
 * @param cause what the last attempt threw, or a {@link java.util.concurrent.TimeoutException}
 */
public record PhaseFailure(
    String phase, int attempt, int attempts, Duration elapsed, Throwable cause) {

  /**
   * The innermost cause, which is usually the one that a person needs.
   *
   * @return the last throwable of the chain of causes
   */
  public Throwable rootCause() {
    Throwable root = cause;
    // A chain may lead back into itself; nothing useful is deeper than this.
    for (int depth = 0; depth < 64; depth++) {
      Throwable next = root.getCause();
      if (next == null) {
        break;
      }
      root = next;
    }
    return root;
  }

  @Override
  public String toString() {
    return "phase %s failed in attempt %d of %d, %s after it began: %s"
        .formatted(phase, attempt, attempts, Text.seconds(elapsed), rootCause());
  }
}
