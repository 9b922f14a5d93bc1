package dev.vestibule.chat.model;

import dev.vestibule.Ticker;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes failures of a model into the log: each kind when it is new, and then rarely, until the
 * model has answered again. Safe for use by many threads.
 */
final class FailureLog {

  /** How often the same is said. */
  static final Duration AGAIN = Duration.ofMinutes(5);

  private static final System.Logger LOG = System.getLogger(ModelAssistant.class.getName());

  private static final class Said {
    private long at;
    private int unsaid;

    Said(long at) {
      this.at = at;
    }
  }

  private final String model;
  private final Ticker ticker;

  // Guarded by this.
  private final Map<ModelFailure.Kind, Said> said = new EnumMap<>(ModelFailure.Kind.class);

  FailureLog(String model, Ticker ticker) {
    this.model = model;
    this.ticker = ticker;
  }

  void failed(ModelFailure failure) {
    String before = before(failure.kind());
    if (before != null) {
      LOG.log(
          System.Logger.Level.WARNING,
          "the model {0} did not answer{1}: {2}",
          model,
          before,
          failure.getMessage());
    }
  }

  /** What has to be said of those before it; null when nothing is said now. */
  private synchronized @Nullable String before(ModelFailure.Kind kind) {
    long now = ticker.read();
    Said last = said.get(kind);
    if (last == null) {
      said.put(kind, new Said(now));
      return "";
    }
    if (now - last.at < AGAIN.toNanos()) {
      last.unsaid++;
      return null;
    }
    String before = last.unsaid == 0 ? "" : " (and %d times before)".formatted(last.unsaid);
    last.at = now;
    last.unsaid = 0;
    return before;
  }

  /** It works: the next failure is news. */
  synchronized void answered() {
    if (!said.isEmpty()) {
      said.clear();
      LOG.log(System.Logger.Level.INFO, "the model {0} answers again", model);
    }
  }
}
