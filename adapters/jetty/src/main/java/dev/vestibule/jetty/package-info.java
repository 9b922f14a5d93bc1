/**
 * Vestibule for Jetty 12.1. A {@linkplain dev.vestibule.jetty.GateHandler handler} holds requests
 * in front of everything else that the server does; {@linkplain dev.vestibule.jetty.DoorAdoption
 * adoption} gives it those who knocked before it was there, and {@linkplain
 * dev.vestibule.jetty.OpenSessions open sessions} are closed with a truthful code before it goes.
 */
@NullMarked
package dev.vestibule.jetty;

import org.jspecify.annotations.NullMarked;
