package dev.vestibule.spring;

import dev.vestibule.GateListener;
import dev.vestibule.WaitEnded;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Objects;

/**
 * Remembers who was refused last, for the admin side: the last {@value #MOST}, in memory alone. An
 * application that brings its own gate {@linkplain dev.vestibule.GateBuilder#listener makes it
 * listen} and is a bean. Safe for use by many threads.
 */
public final class LastRefusals implements GateListener {

  /** How many are remembered. */
  public static final int MOST = 50;

  private final InstantSource clock;
  // Guarded by itself.
  private final Deque<Refusal> last = new ArrayDeque<>(MOST);

  /**
   * Somebody who was refused. Immutable.
   *
   * @param at when
   * @param how its route, its client, and why
   */
  public record Refusal(Instant at, WaitEnded how) {}

  /**
   * Remembers nothing yet.
   *
   * @param clock the time of day
   */
  public LastRefusals(InstantSource clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  @Override
  public void ended(WaitEnded wait) {
    if (wait.outcome() != WaitEnded.Outcome.REFUSED) {
      return;
    }
    Refusal refusal = new Refusal(clock.instant(), wait);
    synchronized (last) {
      if (last.size() == MOST) {
        last.removeLast();
      }
      last.addFirst(refusal);
    }
  }

  /**
   * Those refused last.
   *
   * @return the newest first; immutable
   */
  public List<Refusal> newestFirst() {
    synchronized (last) {
      return Collections.unmodifiableList(new ArrayList<>(last));
    }
  }
}
