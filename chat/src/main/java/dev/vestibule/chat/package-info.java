/** The chat service: its command line, its parts and how they start. */
@NullMarked
package dev.vestibule.chat;

import org.jspecify.annotations.NullMarked;
