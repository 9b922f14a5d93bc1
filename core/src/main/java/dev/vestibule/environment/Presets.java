package dev.vestibule.environment;

import dev.vestibule.PhaseBuilder;
import dev.vestibule.PhaseTimeouts;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The defaults that fit where a process runs. Each can be overridden; nothing here overrides what
 * somebody has said. Immutable.
 *
 * <h2>Time limits of phases</h2>
 *
 * <p>The figures come from the case that this project comes from: multiplier, margin and cap for
 * each environment, and how long its checks took. They are read like this.
 *
 * <ul>
 *   <li>They concern a phase that names no {@linkplain PhaseBuilder#timeout timeout}. One that is
 *       named is taken as it is: nothing is multiplied, nothing capped.
 *   <li>A phase that the original had is expected to take {@code base x multiplier}, and its limit
 *       is {@code base x multiplier x margin}, at most the cap. The bases are {@code database} 3 s,
 *       {@code cache} 1.5 s and {@code services} 8 s. (The original's other figures are of checks
 *       within a phase, not of phases.)
 *   <li>A phase whose past durations are known is expected to take what 95 of 100 took at most;
 *       that was measured in this very environment, so the multiplier is left out: {@code p95 x
 *       margin} and at least twice the longest of them, within floor and cap ({@link #bounds}).
 *   <li>A phase of which nothing is known has no limit. The cap alone would fail startups that are
 *       only long.
 *   <li>The floor is 0.5 s on Cloud Run, whose processors are shared, and 8 s there for {@code
 *       services}, in every environment: a floor exceeds a smaller cap, since the original's race
 *       was clients given 2.1 s before a phase that took 3 to 8 s. Elsewhere the original has no
 *       floor; ours is 0.3 s, the shortest limit that its own figures make (a check of 1 s, times
 *       0.3), so that a pause of the garbage collector fails no phase that usually takes
 *       milliseconds.
 * </ul>
 *
 * @param environment what the process is run for
 * @param platform what it runs on
 */
public record Presets(Environment environment, Platform platform) {

  private static final String SERVICES = "services";
  private static final Map<String, Duration> BASES =
      Map.of(
          "database",
          Duration.ofSeconds(3),
          "cache",
          Duration.ofMillis(1_500),
          SERVICES,
          Duration.ofSeconds(8));

  private static final Duration FLOOR = Duration.ofMillis(300);
  private static final Duration CLOUD_RUN_FLOOR = Duration.ofMillis(500);
  private static final Duration CLOUD_RUN_SERVICES_FLOOR = Duration.ofSeconds(8);

  /** Checks that both are there. */
  public Presets {
    Objects.requireNonNull(environment, "environment");
    Objects.requireNonNull(platform, "platform");
  }

  /**
   * The presets for these environment variables.
   *
   * @param variables as {@link System#getenv()} has them; {@link Environment#VARIABLE} names the
   *     environment, which is production when it is not set or empty
   * @return the presets
   * @throws IllegalArgumentException when there is no environment of that name
   */
  public static Presets of(Map<String, String> variables) {
    String name = variables.getOrDefault(Environment.VARIABLE, "");
    Environment environment = name.isBlank() ? Environment.PRODUCTION : Environment.of(name);
    return new Presets(environment, Platform.of(variables));
  }

  /**
   * What the time limit of a phase is held within, when it names none.
   *
   * @param phase its name
   * @return margin, floor and cap
   */
  public TimeoutBounds bounds(String phase) {
    Duration floor = FLOOR;
    if (platform == Platform.CLOUD_RUN) {
      floor = phase.equals(SERVICES) ? CLOUD_RUN_SERVICES_FLOOR : CLOUD_RUN_FLOOR;
    }
    Duration cap = environment.cap();
    return new TimeoutBounds(environment.margin(), floor, cap.compareTo(floor) < 0 ? floor : cap);
  }

  /**
   * The time limit of a phase that the original had and that names none.
   *
   * @param phase its name
   * @return {@code base x multiplier x margin} within {@link #bounds}; null when there is no base
   */
  public @Nullable Duration timeout(String phase) {
    Duration base = BASES.get(phase);
    return base == null
        ? null
        : bounds(phase).timeoutFor(TimeoutBounds.times(base, environment.multiplier()));
  }

  /**
   * The same for a startup, or for whoever knows more about some phases and nothing about others.
   *
   * @return looks at the phase's name alone
   */
  public PhaseTimeouts timeouts() {
    return (phase, graph) -> timeout(phase);
  }

  /**
   * How often something is asked whether it is ready, where it does not tell.
   *
   * @param target whom the question goes to
   * @return 5 ms on loopback, where a question costs next to nothing; else 100 ms, as the original
   *     asks
   */
  public Duration probeInterval(InetAddress target) {
    return Duration.ofMillis(target.isLoopbackAddress() ? 5 : 100);
  }

  /**
   * How often a waiter asks with the strategy {@code fixed}.
   *
   * @return 100 ms, as in the original
   */
  public Duration waitInterval() {
    return Duration.ofMillis(100);
  }

  /**
   * How long arrivals are still let in once readiness probes fail.
   *
   * @return as {@link Platform#drainDelay()}
   */
  public Duration drainDelay() {
    return platform.drainDelay();
  }

  /**
   * Over how long open sessions are closed at most, when the process is told to end.
   *
   * @return as {@link Platform#grace()}
   */
  public Duration grace() {
    return platform.grace();
  }
}
