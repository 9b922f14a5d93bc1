/**
 * {@code vestibule try}: the same clients before the same slow server, without and with a gateway.
 */
@NullMarked
package dev.vestibule.gateway.tryout;

import org.jspecify.annotations.NullMarked;
