/** The experiment that this project comes from, for anyone to repeat. */
@NullMarked
package dev.vestibule.bench.timing;

import org.jspecify.annotations.NullMarked;
