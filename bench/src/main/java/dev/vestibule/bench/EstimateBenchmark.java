package dev.vestibule.bench;

import dev.vestibule.Estimate;
import dev.vestibule.Startup;
import dev.vestibule.StartupSnapshot;
import dev.vestibule.history.History;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What an arrival that cannot pass pays for knowing how long it would wait. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class EstimateBenchmark {

  private static final Set<String> ROUTE = Set.of("services", "websocket");

  private final History history = fifty();
  private final StartupSnapshot now = begun().snapshot();

  private static Startup begun() {
    Startup startup =
        Startup.define()
            .phase("init", p -> p.signalled())
            .phase("dependencies", p -> p.signalled())
            .phase("database", p -> p.signalled().after("init"))
            .phase("cache", p -> p.signalled().after("database").optional())
            .phase("services", p -> p.signalled().after("dependencies", "database"))
            .phase("websocket", p -> p.signalled().after("dependencies"))
            .phase("finalize", p -> p.signalled().after("cache", "services", "websocket"))
            .build();
    startup.start();
    return startup;
  }

  private static History fifty() {
    History history = History.inMemory();
    for (int i = 0; i < 50; i++) {
      Startup startup = begun();
      for (var phase : startup.snapshot().phases()) {
        startup.signal(phase.name()).ready();
      }
      history.keep(startup.snapshot());
    }
    return history;
  }

  /**
   * Seven phases, fifty starts, nothing passed yet.
   *
   * @return an estimate
   */
  @Benchmark
  public @Nullable Estimate remaining() {
    return history.remaining(now, ROUTE);
  }
}
