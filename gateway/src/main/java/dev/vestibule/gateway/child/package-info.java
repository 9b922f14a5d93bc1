/** The server that is the gateway's own child: started, watched, started again. */
@NullMarked
package dev.vestibule.gateway.child;

import org.jspecify.annotations.NullMarked;
