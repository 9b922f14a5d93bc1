/** Time that is turned by hand, and the contract that every adapter passes. */
@NullMarked
package dev.vestibule.testkit;

import org.jspecify.annotations.NullMarked;
