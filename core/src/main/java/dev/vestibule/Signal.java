package dev.vestibule;

import java.time.Duration;

/**
 * How the application tells a phase what it knows. Got from {@link Startup#signal(String)}; safe
 * for use by many threads. What is told too late, or twice, is ignored and logged once.
 */
public interface Signal {

  /**
   * Says that a signalled phase is ready. Told before the phase begins, it is kept until everything
   * that the phase comes after has passed. A phase that is {@link PhaseState#DOWN} becomes ready
   * again.
   *
   * @throws IllegalStateException when the phase is not a signalled one: its task or probe decides
   */
  void ready();

  /**
   * Says that a signalled phase failed. Kept, like {@link #ready()}, when told early; the first of
   * the two counts.
   *
   * @param cause why; goes to the log and the admin side, never to strangers
   * @throws IllegalStateException when the phase is not a signalled one: its task or probe decides
   */
  void failed(Throwable cause);

  /**
   * Says that what the phase stands for was lost while serving: a ready phase becomes {@link
   * PhaseState#DOWN}, and routes that need it hold newcomers. For phases of every kind. Sessions
   * that are open are not touched. Before the phase is ready it does nothing.
   *
   * @param cause why; goes to the log and the admin side, never to strangers
   */
  void lost(Throwable cause);

  /**
   * The same, by somebody who knows how long it will be away at least, as a circuit breaker does:
   * arrivals that cannot wait so long are refused at once, and asked to come back then. Told again
   * while the phase is down, it takes the place of what was said before.
   *
   * @param cause why; goes to the log and the admin side, never to strangers
   * @param atLeast from now; zero to 365 days
   * @throws IllegalArgumentException when out of range
   */
  void lost(Throwable cause, Duration atLeast);

  /**
   * Says that what was lost is back: a phase that is {@link PhaseState#DOWN} becomes ready. For
   * phases of every kind.
   */
  void regained();
}
