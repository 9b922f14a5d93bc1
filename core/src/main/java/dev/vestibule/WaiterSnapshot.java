package dev.vestibule;

import java.net.InetAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who waits, at one moment. For the admin side: strangers must not see each other.
 *
 * @param route the pattern of the route that it waits for
 * @param client its address; null where it is not known
 * @param waited since its knock
 * @param left until its time is up
 * @param bound what limits its time
 */
public record WaiterSnapshot(
    String route, @Nullable InetAddress client, Duration waited, Duration left, Bound bound) {}
