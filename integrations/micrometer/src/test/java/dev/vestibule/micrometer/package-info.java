/** Tests of the figures. */
@NullMarked
package dev.vestibule.micrometer;

import org.jspecify.annotations.NullMarked;
