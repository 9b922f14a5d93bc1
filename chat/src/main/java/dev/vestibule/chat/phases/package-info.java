/** What is done while the server starts, one class per phase that has work of its own. */
@NullMarked
package dev.vestibule.chat.phases;

import org.jspecify.annotations.NullMarked;
