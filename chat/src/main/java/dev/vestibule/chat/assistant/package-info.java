/** Who answers: one interface, and the built-in guide behind it. */
@NullMarked
package dev.vestibule.chat.assistant;

import org.jspecify.annotations.NullMarked;
