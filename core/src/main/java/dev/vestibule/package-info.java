/**
 * The core of Vestibule. A {@linkplain dev.vestibule.Startup startup} is a run of phases; a
 * {@linkplain dev.vestibule.Gate gate} stands in front of routes that require phases. An
 * {@linkplain dev.vestibule.Arrival arrival} that cannot pass becomes a {@linkplain
 * dev.vestibule.Waiter waiter}, whose outcome is an {@linkplain dev.vestibule.Admission admission}.
 */
@NullMarked
package dev.vestibule;

import org.jspecify.annotations.NullMarked;
