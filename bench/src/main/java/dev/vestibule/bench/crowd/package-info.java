/** {@code ./vestibule crowd}: ten thousand who wait, against the same server with no gate. */
@NullMarked
package dev.vestibule.bench.crowd;

import org.jspecify.annotations.NullMarked;
