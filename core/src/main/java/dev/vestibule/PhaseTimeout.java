package dev.vestibule;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A phase's time limit in effect, for whoever prints settings. Immutable.
 *
 * @param phase its name
 * @param limit in the sense of {@link PhaseBuilder#timeout}; null: unlimited
 * @param source {@code explicit} when the phase names it, {@code none} when nobody does, else what
 *     {@link PhaseTimeouts#source} says
 */
public record PhaseTimeout(String phase, @Nullable Duration limit, String source) {}
