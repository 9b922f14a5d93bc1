package dev.vestibule.chat.model;

import java.time.Duration;

/**
 * How long a model may take. Immutable; all of them more than zero.
 *
 * @param connect until its endpoint accepts a connection; default 5 s
 * @param firstToken from the question to its first sign of work; default 60 s, because a local
 *     model may have to be loaded first
 * @param betweenTokens from one sign of work to the next; default 20 s
 * @param answer from the question to the last word, with all tools and retries; default 5 min
 */
public record ModelLimits(
    Duration connect, Duration firstToken, Duration betweenTokens, Duration answer) {

  /** What holds when nothing is said. */
  public static final ModelLimits DEFAULT =
      new ModelLimits(
          Duration.ofSeconds(5),
          Duration.ofSeconds(60),
          Duration.ofSeconds(20),
          Duration.ofMinutes(5));
}
