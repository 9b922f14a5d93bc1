/** Microbenchmarks of the core. */
@NullMarked
package dev.vestibule.bench;

import org.jspecify.annotations.NullMarked;
