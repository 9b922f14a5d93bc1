@NullMarked
package dev.vestibule.gateway.cli;

import org.jspecify.annotations.NullMarked;
