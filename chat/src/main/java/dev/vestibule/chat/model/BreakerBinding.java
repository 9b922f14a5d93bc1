package dev.vestibule.chat.model;

import dev.vestibule.Probe;
import dev.vestibule.Signal;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;

/** Ties a circuit breaker to a phase: open means down, closed means ready. */
@FunctionalInterface
interface BreakerBinding {

  /**
   * Ties them.
   *
   * @param probe asks what the breaker protects; called through the breaker when it may be tried
   *     again, because an open breaker leaves that state only when it is called
   * @return unties them
   */
  Runnable bind(CircuitBreaker breaker, Signal phase, Probe probe);
}
