package dev.vestibule;

import java.time.Duration;

/** How a phase is watched once it is ready. */
record HealthDefinition(
    Probe probe, Duration every, Duration timeout, int downAfter, int upAfter) {}
