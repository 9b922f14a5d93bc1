package dev.vestibule.gateway.config;

import java.time.Duration;

/**
 * What bounds each client and all of them.
 *
 * @param maxConnections open connections of clients; default 19,000 or what the process may open,
 *     if that is less. More are left in the kernel's queue.
 * @param maxWaiting held at once, per upstream; default 10,000
 * @param maxWaitingPerClient held at once for one client address, per upstream; default 1,000,
 *     since many people may share an address
 * @param maxHeaderBytes of a request line, and of all headers together, each; default 16 KiB
 * @param headerTimeout for all headers of a request, from its connection or its first byte; default
 *     10 s
 * @param idleTimeout how long a connection stays open between requests; default 75 s
 * @param holdAtMost how long anyone is held; default 30 s
 * @param heartbeat how often a silent client is sent a ping; zero (the default): never. A client
 *     that sends nothing at all for as long again is gone.
 */
public record Limits(
    int maxConnections,
    int maxWaiting,
    int maxWaitingPerClient,
    int maxHeaderBytes,
    Duration headerTimeout,
    Duration idleTimeout,
    Duration holdAtMost,
    Duration heartbeat) {

  /** What holds unless told otherwise. */
  public static final Limits DEFAULTS =
      new Limits(
          19_000,
          10_000,
          1_000,
          16 * 1024,
          Duration.ofSeconds(10),
          Duration.ofSeconds(75),
          Duration.ofSeconds(30),
          Duration.ZERO);
}
