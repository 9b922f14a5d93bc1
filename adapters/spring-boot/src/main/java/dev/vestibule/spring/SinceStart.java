package dev.vestibule.spring;

import dev.vestibule.Startup;
import dev.vestibule.StartupSnapshot;
import dev.vestibule.StartupState;
import dev.vestibule.Ticker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long ago startup began, also when it is over, where its own clock stands. Safe for use by
 * many threads.
 */
final class SinceStart {

  private final Ticker ticker;
  private final StartupSnapshot noted;
  private final long notedAt;

  SinceStart(Startup startup, Ticker ticker) {
    this.ticker = ticker;
    this.noted = startup.snapshot();
    this.notedAt = ticker.read();
  }

  /** Null when startup was over before this was made. */
  @Nullable Duration now() {
    return noted.state() == StartupState.RUNNING
        ? noted.elapsed().plusNanos(ticker.read() - notedAt)
        : null;
  }
}
