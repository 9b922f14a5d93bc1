package dev.vestibule.environment;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a process is run for, which says how patient its startup is. The figures are those of the
 * case that this project comes from. What they apply to: {@link Presets}.
 *
 * <p>It is never guessed: a process that was told nothing is in {@link #PRODUCTION}, whose limits
 * are the longest, wherever it runs. To take a server for a developer's machine by mistake would
 * fail startups that are well.
 */
public enum Environment {
  /** Serves people; the default. */
  PRODUCTION(1.0, 1.2, Duration.ofSeconds(8)),
  /** As production, for trying out a release. */
  STAGING(0.7, 1.1, Duration.ofSeconds(5)),
  /** A shared server for work in progress. */
  DEVELOPMENT(0.3, 1.0, Duration.ofSeconds(3)),
  /** Automatic tests. */
  TEST(0.3, 1.0, Duration.ofSeconds(2)),
  /** Somebody's own machine. */
  LOCAL(0.3, 1.0, Duration.ofSeconds(2));

  /** The setting that names it; as an environment variable {@link #VARIABLE}. */
  public static final String KEY = "vestibule.environment";

  /** The environment variable that names it. */
  public static final String VARIABLE = "VESTIBULE_ENVIRONMENT";

  private final double multiplier;
  private final double margin;
  private final Duration cap;

  Environment(double multiplier, double margin, Duration cap) {
    this.multiplier = multiplier;
    this.margin = margin;
    this.cap = cap;
  }

  /**
   * How long work takes here, as a part of what it takes in production.
   *
   * @return 0.3 to 1.0
   */
  public double multiplier() {
    return multiplier;
  }

  /**
   * How much longer than expected work may take before it is given up.
   *
   * @return 1.0 to 1.2
   */
  public double margin() {
    return margin;
  }

  /**
   * The longest limit that a phase is given which names none.
   *
   * @return 2 to 8 s
   */
  public Duration cap() {
    return cap;
  }

  /**
   * Its name in configuration and logs.
   *
   * @return for example {@code production}
   */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The environment of this name.
   *
   * @param name as {@link #key()} has it; case and space around it do not matter
   * @return the environment
   * @throws IllegalArgumentException naming the value and the choices
   */
  public static Environment of(String name) {
    for (Environment environment : values()) {
      if (environment.name().equalsIgnoreCase(name.strip())) {
        return environment;
      }
    }
    throw new IllegalArgumentException(
        "%s: %s (expected: one of %s)".formatted(KEY, name, choices()));
  }

  /**
   * All names, for a message.
   *
   * @return {@code production, staging, development, test, local}
   */
  public static String choices() {
    return Arrays.stream(values()).map(Environment::key).collect(Collectors.joining(", "));
  }
}
