/**
 * The gate in front of a server in any language: a reverse proxy that holds connections while what
 * is behind it starts.
 */
@NullMarked
package dev.vestibule.gateway;

import org.jspecify.annotations.NullMarked;
