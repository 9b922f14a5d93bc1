package dev.vestibule.history;

import dev.vestibule.PhaseSnapshot;
import dev.vestibule.Startup;
import dev.vestibule.StartupBuilder;
import dev.vestibule.StartupSnapshot;
import dev.vestibule.testkit.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Startups of signalled phases on manual time. A diamond unless told otherwise: {@code left} and
 * {@code right} (optional) after {@code top}, {@code bottom} after both.
 */
final class World implements InstantSource {

  private static final Instant BEGAN = Instant.parse("2026-03-01T06:30:00Z");

  final ManualTime time = new ManualTime();
  private final long origin = time.read();

  @Override
  public Instant instant() {
    return BEGAN.plusNanos(time.read() - origin);
  }

  StartupBuilder define() {
    return Startup.define().ticker(time).scheduler(time).executor(Runnable::run);
  }

  Startup diamond() {
    return diamond(define());
  }

  static Startup diamond(StartupBuilder builder) {
    return builder
        .phase("top", p -> p.signalled())
        .phase("left", p -> p.signalled().after("top"))
        .phase("right", p -> p.signalled().after("top").optional())
        .phase("bottom", p -> p.signalled().after("left", "right"))
        .build();
  }

  static List<PhaseSnapshot> graph(Startup startup) {
    return startup.snapshot().phases();
  }

  /** Runs a diamond whose phases take these seconds, and remembers it. */
  void past(History history, double top, double left, double right, double bottom) {
    past(history, times(top, left, right, bottom), startup -> {});
  }

  /** The same, but somebody does something about it before its first phase ends. */
  void past(History history, Map<String, Double> seconds, Consumer<Startup> before) {
    Startup startup = diamond();
    history.follow(startup);
    startup.start();
    before.accept(startup);
    double top = seconds.getOrDefault("top", 0.0);
    after(top, () -> startup.signal("top").ready());
    double left = top + seconds.getOrDefault("left", 0.0);
    double right = top + seconds.getOrDefault("right", 0.0);
    after(left, () -> startup.signal("left").ready());
    after(right, () -> startup.signal("right").ready());
    double both = Math.max(left, right);
    after(both + seconds.getOrDefault("bottom", 0.0), () -> startup.signal("bottom").ready());
    time.advance(Duration.ofHours(1));
    startup.close();
  }

  void after(double seconds, Runnable what) {
    var unused = time.schedule(what, seconds(seconds));
  }

  static Map<String, Double> times(double top, double left, double right, double bottom) {
    Map<String, Double> seconds = new LinkedHashMap<>();
    seconds.put("top", top);
    seconds.put("left", left);
    seconds.put("right", right);
    seconds.put("bottom", bottom);
    return seconds;
  }

  /** What is seen after so many seconds. */
  StartupSnapshot later(Startup startup, double seconds) {
    time.advance(seconds(seconds));
    return startup.snapshot();
  }

  static Duration seconds(double seconds) {
    return Duration.ofNanos(Math.round(seconds * 1e9));
  }
}
