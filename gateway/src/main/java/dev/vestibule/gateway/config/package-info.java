/** What the gateway is told to do: settings, where they come from, and what is wrong with them. */
@NullMarked
package dev.vestibule.gateway.config;

import org.jspecify.annotations.NullMarked;
