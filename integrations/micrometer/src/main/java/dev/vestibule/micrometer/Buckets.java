package dev.vestibule.micrometer;

import java.time.Duration;

/**
 * Where the histograms of waits and connects are cut: 0.1 ms, because who finds the door open is
 * through in less, to 30 s, the longest that the gate holds by default. In steps of 1, 2.5 and 5,
 * as Prometheus' own default buckets are.
 */
final class Buckets {

  private static final Duration[] CUTS = {
    Duration.ofNanos(100_000),
    Duration.ofNanos(250_000),
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofNanos(2_500_000),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2_500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(20),
    Duration.ofSeconds(30)
  };

  private Buckets() {}

  static Duration[] cuts() {
    return CUTS.clone();
  }
}
