/** Conversations, the runs that answer in them, and the sockets that hear of it. */
@NullMarked
package dev.vestibule.chat.conversation;

import org.jspecify.annotations.NullMarked;
