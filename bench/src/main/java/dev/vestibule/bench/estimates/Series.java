package dev.vestibule.bench.estimates;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * How long the phases of one startup after another take. The figures are those that {@code
 * docs/estimates.md} names; they were written down before anything was tuned by them.
 */
enum Series {
  /** The same every time, but for noise. */
  STEADY,
  /** Three in ten starts are cold: everything takes three times as long. */
  BIMODAL,
  /** Everything becomes slower, up to twice, and faster again, in 400 starts. */
  DRIFTING,
  /** One phase now and then takes very long, at times too long. */
  HEAVY_TAIL,
  /** Every 100 starts a release makes one phase slower, or fast again. Without a bar. */
  RELEASES;

  /** The phases of the chat, in an order in which each comes after those that it needs. */
  static final Map<String, List<String>> PHASES = phases();

  /** Can be done without. */
  static final String OPTIONAL = "cache";

  /** What clients wait for. */
  static final List<String> ROUTE = List.of("services", "websocket");

  /** Beyond this, in seconds, the services fail, and startup with them. */
  static final double LIMIT = 60;

  private static final Map<String, Double> MEDIANS =
      Map.of(
          "init", 0.15,
          "dependencies", 1.5,
          "database", 0.8,
          "cache", 0.5,
          "services", 3.0,
          "websocket", 0.4,
          "finalize", 0.2);

  private static final double SIGMA_OF_A_PHASE = 0.15;
  private static final double SIGMA_OF_A_START = 0.10;

  private static final double COLD = 0.3;
  private static final double COLD_FACTOR = 3;
  private static final int PERIOD = 400;
  private static final double TAIL_LEAST = 2.5;
  private static final double TAIL_EXPONENT = 1.8;
  private static final int RELEASE_EVERY = 100;
  private static final double RELEASE_FACTOR = 1.6;

  /** Seconds that each phase of a start takes. */
  Map<String, Double> start(int number, RandomGenerator random) {
    double all = Math.exp(SIGMA_OF_A_START * random.nextGaussian()) * factor(number, random);
    Map<String, Double> seconds = new LinkedHashMap<>();
    for (String phase : PHASES.keySet()) {
      double own = Math.exp(SIGMA_OF_A_PHASE * random.nextGaussian());
      seconds.put(phase, median(phase, number, random) * own * all);
    }
    return seconds;
  }

  /**
   * How long after opening 95 in 100 of those who come back at {@code Retry-After} may come, in
   * seconds: about as long as the longest start takes, and three times as long where it is rare.
   */
  double late() {
    return this == HEAVY_TAIL ? 3 * LIMIT : 20;
  }

  private double factor(int number, RandomGenerator random) {
    return switch (this) {
      case BIMODAL -> random.nextDouble() < COLD ? COLD_FACTOR : 1;
      case DRIFTING -> 1.5 + 0.5 * Math.sin(2 * Math.PI * number / PERIOD);
      case STEADY, HEAVY_TAIL, RELEASES -> 1;
    };
  }

  private double median(String phase, int number, RandomGenerator random) {
    double median = MEDIANS.getOrDefault(phase, Double.NaN);
    if (!phase.equals("services")) {
      return median;
    }
    return switch (this) {
      case HEAVY_TAIL -> TAIL_LEAST * Math.pow(1 - random.nextDouble(), -1 / TAIL_EXPONENT);
      case RELEASES -> number / RELEASE_EVERY % 2 == 1 ? median * RELEASE_FACTOR : median;
      case STEADY, BIMODAL, DRIFTING -> median;
    };
  }

  private static Map<String, List<String>> phases() {
    Map<String, List<String>> phases = new LinkedHashMap<>();
    phases.put("init", List.of());
    phases.put("dependencies", List.of());
    phases.put("database", List.of("init"));
    phases.put("cache", List.of("database"));
    phases.put("services", List.of("dependencies", "database"));
    phases.put("websocket", List.of("dependencies"));

    phases.put("finalize", List.of("cache", "services", "websocket"));
    return phases;
  }

  String title() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }
}
