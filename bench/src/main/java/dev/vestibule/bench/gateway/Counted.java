package dev.vestibule.bench.gateway;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What was counted in a window of the load, and what a program used meanwhile.
 *
 * @param perSecond how many a second
 * @param cpuMicros CPU time for each, in microseconds; 0 without a program
 * @param failed how many did not come about
 */
record Counted(double perSecond, double cpuMicros, long failed) {

  /** How much of a window the program's clock may have been read too late. */
  private static final double MOST_LATE = 0.05;

  private static final int ATTEMPTS = 5;

  /**
   * Gives the load a command that says when its window begins and ends. On a busy machine this
   * process may hear of that late, and would then ascribe too much or too little: it is repeated.
   */
  static Counted in(Setting setting, String command, @Nullable Running program) throws IOException {
    double late = 0;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      setting.load().say(command);
      long began = Long.parseLong(setting.load().hear()[1]);
      long before = program == null ? 0 : program.cpuNanos();
      long readBefore = System.nanoTime();
      String[] ended = setting.load().hear();
      long used = program == null ? 0 : program.cpuNanos() - before;
      long count = Long.parseLong(ended[1]);
      long nanos = Long.parseLong(ended[2]);
      // To hear late that it has ended adds nothing: nothing is sent any more.
      late = (double) (readBefore - began) / nanos;
      if (program == null || late <= MOST_LATE) {
        return new Counted(
            count / (nanos / 1e9), used / 1e3 / Math.max(1, count), Long.parseLong(ended[5]));
      }
    }
    throw new IOException(
        "%s: %.0f %% of a window had passed before it was heard of (expected: at most %.0f %%; is the machine busy?)"
            .formatted(command, late * 100, MOST_LATE * 100));
  }
}
