/** Whether estimates tell the truth: startups simulated on a clock that is turned by hand. */
@NullMarked
package dev.vestibule.bench.estimates;

import org.jspecify.annotations.NullMarked;
