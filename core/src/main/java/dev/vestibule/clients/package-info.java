/** What clients say, and what is known, of how long they wait. */
@NullMarked
package dev.vestibule.clients;

import org.jspecify.annotations.NullMarked;
