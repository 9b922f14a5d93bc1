package dev.vestibule.chat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A time of day that stands still until a test moves it. */
public final class ManualClock implements InstantSource {

  private Instant now = Instant.parse("2026-11-23T12:00:00Z");

  @Override
  public synchronized Instant instant() {
    return now;
  }

  public synchronized void advance(Duration duration) {
    now = now.plus(duration);
  }
}
