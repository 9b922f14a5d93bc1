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
 */
public record UpstreamSettings(
    String name,
    @Nullable InetSocketAddress address,
    ReadinessSettings readiness,
    @Nullable Duration probeInterval,
    Duration connectTimeout,
    Duration answerTimeout) {

  /** How long a connection may take, unless told otherwise. */
  public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  /** How long the answer to an upgrade may take, unless told otherwise. */
  public static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(15);
}
