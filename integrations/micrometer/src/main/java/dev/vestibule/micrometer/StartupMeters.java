package dev.vestibule.micrometer;

import dev.vestibule.PhaseSnapshot;
import dev.vestibule.PhaseState;
import dev.vestibule.StartupSnapshot;
import dev.vestibule.StartupState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Where startup and its phases stand, read when somebody asks. A phase happens once in a process,
 * so its duration is a gauge and not a timer with one value.
 */
final class StartupMeters {

  private StartupMeters() {}

  static void bind(MeterRegistry registry, Supplier<StartupSnapshot> startup, Iterable<Tag> tags) {
    for (StartupState state : StartupState.values()) {
      Gauge.builder("vestibule.startup.state", startup, it -> is(it.get().state() == state))
          .description("1 for the state that startup is in, 0 for the others")
          .tags(Tags.of(tags).and("state", Names.of(state)))
          .strongReference(true)
          .register(registry);
    }
    TimeGauge.builder(
            "vestibule.startup.duration",
            startup,
            TimeUnit.SECONDS,
            it -> seconds(it.get().elapsed()))
        .description("From the start of startup to its end, or until now")
        .tags(tags)
        .strongReference(true)
        .register(registry);
    for (PhaseSnapshot phase : startup.get().phases()) {
      Tags named = Tags.of(tags).and("phase", phase.name());
      bind(registry, startup, phase.name(), named);
      // Its own, so that alerts can tell what may be away from what may not.
      Gauge.builder("vestibule.phase.optional", phase, it -> is(it.optional()))
          .description("1 for a phase that startup can do without, 0 for the others")
          .tags(named)
          .strongReference(true)
          .register(registry);
    }
  }

  private static void bind(
      MeterRegistry registry, Supplier<StartupSnapshot> startup, String phase, Tags tags) {
    for (PhaseState state : PhaseState.values()) {
      Gauge.builder(
              "vestibule.phase.state", startup, it -> is(it.get().phase(phase).state() == state))
          .description("1 for the state that the phase is in, 0 for the others")
          .tags(tags.and("state", Names.of(state)))
          .strongReference(true)
          .register(registry);
    }
    TimeGauge.builder(
            "vestibule.phase.duration", startup, TimeUnit.SECONDS, it -> duration(it.get(), phase))
        .description("From the phase's beginning to its end, or until now; NaN before")
        .tags(tags)
        .strongReference(true)
        .register(registry);
  }

  private static double duration(StartupSnapshot startup, String name) {
    PhaseSnapshot phase = startup.phase(name);
    Duration began = phase.startedAt();
    if (began == null) {
      return Double.NaN;
    }
    Duration ended = phase.endedAt();
    Duration until = ended == null ? startup.elapsed() : ended;
    return Math.max(0, seconds(until.minus(began)));
  }

  private static int is(boolean so) {
    return so ? 1 : 0;
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
