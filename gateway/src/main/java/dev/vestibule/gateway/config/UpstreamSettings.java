package dev.vestibule.gateway.config;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A server behind the gateway.
 *
 * @param name how logs, probes and figures call it
 * @param address where it listens; null for a child, which is given a free port each time it starts
 * @param readiness how the gateway learns that it is ready
 * @param probeInterval how often it is asked while it is not; null for 5 ms on loopback and 100 ms
 *     elsewhere
 * @param connectTimeout how long a connection to it may take; default 2 s
 * @param answerTimeout how long it may take to begin its answer to an upgrade; default 15 s. Other
 *     requests may take as long as they like.
 * @param pace how many of those who waited may be on their way in at once; 0: all of them. Default
 *     32: servers queue 50 to 511 connections that they have not accepted yet (Java's default is
 *     50, asyncio's 100, Node's 511), and the kernel drops what is beyond that, to be repeated
 *     after a second or more
 */
public record UpstreamSettings(
    String name,
    @Nullable InetSocketAddress address,
    ReadinessSettings readiness,
    @Nullable Duration probeInterval,
    Duration connectTimeout,
    Duration answerTimeout,
    int pace) {

  /** How long a connection may take, unless told otherwise. */
  public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  /** How long the answer to an upgrade may take, unless told otherwise. */
  public static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(15);

  /** How many may be on their way in at once, unless told otherwise. */
  public static final int PACE = 32;
}
