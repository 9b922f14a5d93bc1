/** A language model behind the chat. But for its settings, nothing is loaded until one is named. */
@NullMarked
package dev.vestibule.chat.model;

import org.jspecify.annotations.NullMarked;
