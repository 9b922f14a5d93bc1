package dev.vestibule.history;

import dev.vestibule.StartupState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;

/** A process of its own that writes a history. */
final class HistoryChild {

  /** The exit code of one that was killed at the worst moment. */
  static final int HALTED = 99;

  /** The exit code of one that found the lock held, and of one that did not. */
  static final int LOCKED = 10;

  static final int FREE = 11;

  private HistoryChild() {}

  public static void main(String[] args) throws Exception {
    HistoryFile file = new HistoryFile(Path.of(args[0]));
    if (args[1].equals("try")) {
      System.exit(file.underLock(() -> {}) ? FREE : LOCKED);
    }
    SortedMap<String, PhaseTime> phases = new TreeMap<>();
    phases.put("phase", new PhaseTime(PhaseTime.End.READY, Long.parseLong(args[2])));
    PastStart start =
        new PastStart(
            "0123456789abcdef", Instant.EPOCH, StartupState.COMPLETE, Duration.ZERO, phases);
    if (args[1].equals("halt")) {
      file.underLock(() -> {
        file.writeNext("vestibule-history 1\nend");
        Runtime.getRuntime().halt(HALTED);
      });
    }
    for (int i = 0; i < Integer.parseInt(args[1]); i++) {
      while (file.add(start) == HistoryFile.Added.LOCKED) {
        Thread.onSpinWait();
      }
    }
  }
}
