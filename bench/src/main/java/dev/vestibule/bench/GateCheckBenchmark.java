package dev.vestibule.bench;

import dev.vestibule.Gate;
import dev.vestibule.Route;
import dev.vestibule.Startup;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a gate costs once it is open: the check that every request pays, and a plain volatile read
 * beside it.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class GateCheckBenchmark {

  private final Gate gate = openGate();
  private final Route route = Objects.requireNonNull(gate.routeAt("/chat/42"));
  private volatile boolean baseline = true;

  private static Gate openGate() {
    Startup startup = Startup.define().phase("services", p -> p.signalled()).build();
    Gate gate = Gate.before(startup).route("/chat/**", r -> r.requires("services")).build();
    startup.start();
    startup.signal("services").ready();
    return gate;
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
