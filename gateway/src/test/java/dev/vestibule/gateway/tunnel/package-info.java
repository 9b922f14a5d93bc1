@NullMarked
package dev.vestibule.gateway.tunnel;

import org.jspecify.annotations.NullMarked;
