package dev.vestibule.bench;

import dev.vestibule.Gate;
import dev.vestibule.Route;
import dev.vestibule.Startup;
import dev.vestibule.micrometer.VestibuleMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a gate costs once it is open: the check that every request pays, and a plain volatile read
 * beside it; with figures, which must make no difference, and without.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class GateCheckBenchmark {

  private final Startup startup = Startup.define().phase("services", p -> p.signalled()).build();
  private final Gate gate =
      Gate.before(startup).route("/chat/**", r -> r.requires("services")).build();
  private final Route route = Objects.requireNonNull(gate.routeAt("/chat/42"));
  private volatile boolean baseline = true;

  /** Whether a registry is told. */
  @Param({"off", "on"})
  public String figures = "off";

  /** Opens the gate. */
  @Setup
  public void open() {
    if (figures.equals("on")) {
      VestibuleMetrics.bind(new SimpleMeterRegistry(), startup, gate);
    }
    startup.start();
    startup.signal("services").ready();
  }

  /**
   * The bare baseline.
   *
   * @return true
   */
  @Benchmark
  public boolean volatileRead() {
    return baseline;
  }

  /**
   * A route that is known already.
   *
   * @return true
   */
  @Benchmark
  public boolean openRoute() {
    return route.isOpen();
  }

  /**
   * What an adapter does for each request: find the route, and ask it.
   *
   * @return true
   */
  @Benchmark
  public boolean findAndCheck() {
    Route found = gate.routeAt("/chat/42");
    return found == null || found.isOpen();
  }
}
