/** A language model behind the chat. Nothing in here is loaded unless one is configured. */
@NullMarked
package dev.vestibule.chat.model;

import org.jspecify.annotations.NullMarked;
