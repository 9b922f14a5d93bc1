/** Whole processes, real clients, a real browser: outcomes and order, not speed. */
@NullMarked
package dev.vestibule.e2e;

import org.jspecify.annotations.NullMarked;
