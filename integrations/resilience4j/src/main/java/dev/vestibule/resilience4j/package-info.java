/**
 * Binds a circuit breaker of Resilience4j to a phase. Begin at {@link
 * dev.vestibule.resilience4j.PhaseBreaker}.
 */
@NullMarked
package dev.vestibule.resilience4j;

import org.jspecify.annotations.NullMarked;
