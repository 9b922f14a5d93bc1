/** What follows a 101: bytes in both directions, and where their frames begin and end. */
@NullMarked
package dev.vestibule.gateway.tunnel;

import org.jspecify.annotations.NullMarked;
