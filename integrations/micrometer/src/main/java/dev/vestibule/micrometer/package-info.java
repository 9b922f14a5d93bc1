/**
 * Figures for Micrometer's registries. What each meter is, and what an alert on it means, is in
 * {@code docs/metrics.md}.
 */
@NullMarked
package dev.vestibule.micrometer;

import org.jspecify.annotations.NullMarked;
