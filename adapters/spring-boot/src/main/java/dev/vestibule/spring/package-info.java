/**
 * The door, the gate and the probes for Spring Boot 4 on Jetty: {@link
 * dev.vestibule.spring.VestibuleApplication} in {@code main}, {@link
 * dev.vestibule.spring.StartupPhase} beans, and {@code vestibule.*} in the configuration.
 */
@NullMarked
package dev.vestibule.spring;

import org.jspecify.annotations.NullMarked;
