/** HTTP and WebSocket, on Spring and Jetty. */
@NullMarked
package dev.vestibule.chat.web;

import org.jspecify.annotations.NullMarked;
