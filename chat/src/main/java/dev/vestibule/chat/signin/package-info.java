/** Who somebody is: links, passwords, session tokens and their revocation. */
@NullMarked
package dev.vestibule.chat.signin;

import org.jspecify.annotations.NullMarked;
