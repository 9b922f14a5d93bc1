/** Where a process runs, what it is run for, and the defaults that follow from that. */
@NullMarked
package dev.vestibule.environment;

import org.jspecify.annotations.NullMarked;
