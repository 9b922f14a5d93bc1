/** {@code ./vestibule bench gateway}: the gateway beside HAProxy, nginx and Caddy, in one run. */
@NullMarked
package dev.vestibule.bench.gateway;

import org.jspecify.annotations.NullMarked;
