/** The servers behind the gateway, and how it learns whether they are ready. */
@NullMarked
package dev.vestibule.gateway.upstream;

import org.jspecify.annotations.NullMarked;
