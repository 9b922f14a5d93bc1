package dev.vestibule.bench.estimates;

import dev.vestibule.PhaseState;
import dev.vestibule.PhaseTimeouts;
import dev.vestibule.Startup;
import dev.vestibule.StartupBuilder;
import dev.vestibule.StartupEvent;
import dev.vestibule.StartupState;
import dev.vestibule.environment.Environment;
import dev.vestibule.environment.Platform;
import dev.vestibule.environment.Presets;
import dev.vestibule.history.History;
import dev.vestibule.testkit.ManualTime;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * How many startups with which nothing is wrong are failed by a limit that was learned. Each is a
 * real {@link Startup} on a clock that is turned by hand; the limits are those of the {@link
 * History} that keeps them, and no others. Used by one thread.
 *
 * @param limited startups of which a phase had such a limit
 * @param failed those of them that failed
 */
record Limits(int limited, int failed) {

  static final double MOST_FAILED = 0.001;

  static final Limits NONE = new Limits(0, 0);

  /**
   * Runs a series that begins with no history.
   *
   * @param environment whose margin and cap hold
   * @param scale by how much every phase is longer
   */
  static Limits of(Healthy healthy, Environment environment, double scale, long seed, int starts) {
    ManualTime time = new ManualTime();
    History history = History.inMemory();
    Presets presets = new Presets(environment, Platform.PLAIN);
    PhaseTimeouts learned = history.timeouts(presets::bounds, (phase, graph) -> null);
    Random random = new Random(seed);
    Limits limits = NONE;
    for (int number = 0; number < starts; number++) {
      Map<String, Duration> durations = new LinkedHashMap<>();
      healthy
          .start(number, random)
          .forEach((phase, seconds) ->
              durations.put(phase, Duration.ofNanos((long) (seconds * scale * 1e9))));
      Startup startup = define(healthy, time, learned);
      history.follow(startup);
      limits = limits.plus(run(startup, durations, time));
    }
    return limits;
  }

  private static Startup define(Healthy healthy, ManualTime time, PhaseTimeouts learned) {
    StartupBuilder builder = Startup.define().ticker(time).scheduler(time).timeouts(learned);
    healthy
        .phases()
        .forEach((name, after) ->
            builder.phase(name, p -> p.signalled().after(after.toArray(String[]::new))));
    return builder.build();
  }

  private static Limits run(Startup startup, Map<String, Duration> durations, ManualTime time) {
    startup.listen(event -> {
      if (event instanceof StartupEvent.PhaseChanged it && it.to() == PhaseState.RUNNING) {
        Duration takes = durations.getOrDefault(it.phase(), Duration.ZERO);
        var _ = time.schedule(() -> startup.signal(it.phase()).ready(), takes);
      }
    });
    startup.start();
    time.advance(Duration.ofHours(1));
    StartupState state = startup.snapshot().state();
    if (state != StartupState.COMPLETE && state != StartupState.FAILED) {
      throw new AssertionError("not over: " + startup.snapshot());
    }
    startup.close();
    boolean limited = startup.timeouts().stream().anyMatch(it -> it.limit() != null);
    return new Limits(limited ? 1 : 0, state == StartupState.FAILED ? 1 : 0);
  }

  Limits plus(Limits other) {
    return new Limits(limited + other.limited, failed + other.failed);
  }

  /** NaN when there was nothing to fail. */
  double failedShare() {
    return limited == 0 ? Double.NaN : (double) failed / limited;
  }

  boolean isKept() {
    return failed <= MOST_FAILED * limited;
  }
}
