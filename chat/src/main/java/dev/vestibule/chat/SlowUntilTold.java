package dev.vestibule.chat;

import dev.vestibule.chat.phases.Slowdown;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * Waits as long as a phase is slowed, or until something comes in on the process's input: whoever
 * watches through a pipe ends it when it has seen enough. A terminal is not asked: a shell reads
 * from it too. Nothing is read, so that once ended is ended for every phase. Safe for use by many
 * threads.
 */
final class SlowUntilTold implements Slowdown.Rest {

  private static final Duration LOOK = Duration.ofMillis(20);

  private final InputStream input;

  SlowUntilTold(InputStream input) {
    this.input = input;
  }

  @Override
  public void rest(Duration time) throws InterruptedException {
    Duration left = time;
    while (left.isPositive() && !told()) {
      Duration next = left.compareTo(LOOK) < 0 ? left : LOOK;
      Thread.sleep(next);
      left = left.minus(next);
    }
  }

  private boolean told() {
    try {
      return input.available() > 0;
    } catch (IOException e) {
      // Closed: nobody will.
      return false;
    }
  }
}
