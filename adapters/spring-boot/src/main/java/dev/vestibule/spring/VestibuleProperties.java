package dev.vestibule.spring;

import dev.vestibule.environment.Environment;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What can be configured. Bound and checked by {@link Settings}, which adds what depends on the
 * platform.
 *
 * @param environment what the process is run for: it decides how long phases may take that name no
 *     timeout; never guessed
 * @param logging how the log is written
 * @param holdAtMost the longest that an arrival waits, from its client's knock; more than zero
 * @param maxWaiting how many may wait at the same time; beyond it arrivals are refused; zero holds
 *     nobody
 * @param maxWaitingPerClient how many may wait from one client address (IPv6: one /64); unlimited
 *     by default
 * @param trustedHops how many proxies in front append to X-Forwarded-For; 0: the peer is the client
 * @param hopLimit after how long a hop in front cuts a request that has no answer yet; arrivals are
 *     refused half a second before; at least 1 s; by default there is none
 * @param clientProfiles whether clients whose library gives up by itself are refused half a second
 *     before it does
 * @param pace how fast those who wait are let in once their route is open
 * @param backlog how many connections the kernel keeps until they are accepted; the door, which
 *     opens before Spring reads its files, takes it only from arguments, system properties and the
 *     environment
 * @param exitOnFailure whether the process ends with exit code 1 when a required phase fails: it
 *     would never become ready, and its platform should start another; by default true when started
 *     by VestibuleApplication.run, else false
 * @param origins the pages that may be held, as a browser names their origin: scheme, host and a
 *     port unless it is the scheme's own; empty: all; who sends no Origin may always be held
 * @param routes what is gated, in the order in which it is tried; by default everything waits for
 *     every phase; a path that no route takes is not gated
 * @param readiness how waiters learn that their route is open
 * @param ready what /readyz says
 * @param drain what happens on SIGTERM
 * @param history what past startups took
 * @param admin a second listener that tells what strangers must not know
 */
@ConfigurationProperties("vestibule")
record VestibuleProperties(
    @DefaultValue("production") Environment environment,
    @DefaultValue Logging logging,
    @DefaultValue("30s") Duration holdAtMost,
    @DefaultValue("10000") int maxWaiting,
    @Nullable Integer maxWaitingPerClient,
    @DefaultValue("0") int trustedHops,
    @Nullable Duration hopLimit,
    @DefaultValue("true") boolean clientProfiles,
    @DefaultValue Pace pace,
    @DefaultValue("4096") int backlog,
    @Nullable Boolean exitOnFailure,
    @DefaultValue List<String> origins,
    @DefaultValue List<Route> routes,
    @DefaultValue Readiness readiness,
    @DefaultValue Ready ready,
    @DefaultValue Drain drain,
    @DefaultValue History history,
    @DefaultValue Admin admin) {

  /**
   * A part of the application behind the gate.
   *
   * @param path /chat: that path; /rooms/*: one segment in place of the star; /chat/**: that path
   *     and all below
   * @param requires the phases that must be ready; every phase when none is named
   * @param holdAtMost the longest that an arrival waits here, if less than vestibule.hold-at-most
   * @param refuse http: by a 503; close: handshakes by a 101 and a close frame with the reason,
   *     which a script in a browser can read; needs vestibule.origins
   * @param subprotocols what the application speaks here, for refusing by a close
   */
  record Route(
      @Nullable String path,
      @DefaultValue List<String> requires,
      @Nullable Duration holdAtMost,
      @DefaultValue("http") Refuse refuse,
      @DefaultValue List<String> subprotocols) {}

  /**
   * How fast those who wait are let in once their route is open; by default all at once. At most
   * one of the two.
   *
   * @param perSecond so many handshakes a second; 1 to 1000000
   * @param inFlight so many whose handshake is not done; at least 1
   */
  record Pace(@Nullable Integer perSecond, @Nullable Integer inFlight) {}

  /** How handshakes are refused. */
  enum Refuse {
    HTTP,
    CLOSE
  }

  /**
   * How waiters learn that their route is open.
   *
   * @param strategy signal: woken by the change itself; fixed: each asks at an interval;
   *     progressive: each asks with the old backoff
   * @param interval between two polls of the fixed strategy; at least 1 ms, by default 100 ms
   */
  record Readiness(@DefaultValue("signal") Strategy strategy, @Nullable Duration interval) {}

  /**
   * How the log is written.
   *
   * @param format text: for a person; ecs: Elastic Common Schema; cloud: Google Cloud Logging; by
   *     default cloud on Cloud Run, else text
   */
  record Logging(@Nullable LogFormat format) {}

  /** See {@link dev.vestibule.ReadinessStrategy}. */
  enum Strategy {
    SIGNAL,
    FIXED,
    PROGRESSIVE
  }

  /**
   * What /readyz says.
   *
   * @param when open: 200 once every route is open, so that the platform sends traffic elsewhere
   *     meanwhile; holding: 200 as soon as arrivals can be held, which is right with one instance
   */
  record Ready(@DefaultValue("open") When when) {}

  /** When /readyz is 200. */
  enum When {
    OPEN,
    HOLDING
  }

  /**
   * What happens on SIGTERM.
   *
   * @param delay how long arrivals are still let in after /readyz began to fail; by default 5 s on
   *     Kubernetes, whose endpoints lag, else 0
   * @param grace over how long open sessions are closed at most; by default 10 s on Cloud Run, else
   *     30 s
   */
  record Drain(@Nullable Duration delay, @Nullable Duration grace) {}

  /**
   * The admin side: who waits, who was refused, why phases failed. It asks for no credential.
   *
   * @param port where it listens; 0 takes any free port; off when none is named
   * @param address on which address it listens; whoever reaches it can read all of it
   * @param hosts further names under which it is reached, as they stand in the Host header, without
   *     the port; loopback's names and the address itself are known
   */
  record Admin(
      @Nullable Integer port,
      @DefaultValue("127.0.0.1") InetAddress address,
      @DefaultValue List<String> hosts) {}

  /**
   * What past startups took, by which a wait in vain is refused at once and Retry-After is true.
   *
   * @param file where it is kept; its directory must exist; nothing is kept by default
   * @param seed such a file from elsewhere, for as long as fewer than five starts are known here
   */
  record History(@Nullable String file, @Nullable String seed) {}
}
