package dev.vestibule.resilience4j;

import dev.vestibule.Probe;
import dev.vestibule.Scheduler;
import dev.vestibule.Startup;
import dev.vestibule.Ticker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Describes which phase a circuit breaker decides about, and how it is asked. Mistakes are reported
 * together by {@link #recoveringBy(Probe)}. Not safe for use by many threads.
 */
public final class PhaseBreakerBuilder {

  private static final Duration LONGEST = Duration.ofDays(365);

  final CircuitBreaker breaker;
  private @Nullable Startup startup;
  private @Nullable String phase;
  Duration every = Duration.ofMillis(100);
  Duration timeout = Duration.ofSeconds(1);
  Ticker ticker = Ticker.system();
  Scheduler scheduler = Scheduler.system();
  @Nullable Executor executor;

  PhaseBreakerBuilder(CircuitBreaker breaker) {
    this.breaker = breaker;
  }

  /**
   * Which phase is down while the breaker is open. Needed.
   *
   * @param startup that has the phase; started or not
   * @param phase its name; of any kind. Nothing else should say that it is lost or regained: of two
   *     that do, the last one wins.
   * @return this
   */
  public PhaseBreakerBuilder to(Startup startup, String phase) {
    this.startup = Objects.requireNonNull(startup, "startup");
    this.phase = Objects.requireNonNull(phase, "phase");
    return this;
  }

  /**
   * How long after an answer the probe is asked again, until the breaker is closed or opens again.
   * A breaker closes after its {@code permittedNumberOfCallsInHalfOpenState} (default 10) answers,
   * so clients wait for at least that many, less one, of these.
   *
   * @param gap at least 1 ms, at most 365 days; default 100 ms
   * @return this
   */
  public PhaseBreakerBuilder every(Duration gap) {
    this.every = gap;
    return this;
  }

  /**
   * How long one answer may take. A probe that takes longer is interrupted, and the breaker counts
   * a failure. While it ignores that, nobody asks beside it; after ten times this limit it is
   * abandoned and the probe is asked anew. Three may be abandoned and hang yet; then the phase
   * waits for one of them to end, so that threads do not pile up.
   *
   * @param limit at least 1 ms, at most 365 days; default 1 s
   * @return this
   */
  public PhaseBreakerBuilder timeout(Duration limit) {
    this.timeout = limit;
    return this;
  }

  /**
   * The clock by which the breaker's wait is measured. The breaker has a clock of its own; a test
   * gives both the same time.
   *
   * @param ticker default {@link Ticker#system()}
   * @return this
   */
  public PhaseBreakerBuilder ticker(Ticker ticker) {
    this.ticker = Objects.requireNonNull(ticker, "ticker");
    return this;
  }

  /**
   * What runs things later.
   *
   * @param scheduler default {@link Scheduler#system()}
   * @return this
   */
  public PhaseBreakerBuilder scheduler(Scheduler scheduler) {
    this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
    return this;
  }

  /**
   * Where the probe runs.
   *
   * @param executor default: a daemon thread for each question
   * @return this
   */
  public PhaseBreakerBuilder executor(Executor executor) {
    this.executor = Objects.requireNonNull(executor, "executor");
    return this;
  }

  /**
   * Binds. From now on the phase follows the breaker; also if that is open already.
   *
   * @param probe asked through the breaker, once its wait is over; a yes counts as a successful
   *     call of the breaker, a no or an exception as a failed one. It should do what the calls do
   *     that the breaker guards, cheaply, and not go through the breaker itself.
   * @return what ends the binding
   * @throws IllegalArgumentException when something is missing or out of range; says all of it
   */
  public PhaseBreaker recoveringBy(Probe probe) {
    Objects.requireNonNull(probe, "probe");
    List<String> mistakes = new ArrayList<>();
    Startup bound = startup;
    String name = phase;
    if (bound == null || name == null) {
      mistakes.add("to: nothing (expected: a startup and the name of a phase)");
    } else if (bound.snapshot().phases().stream().noneMatch(it -> it.name().equals(name))) {
      List<String> names = bound.snapshot().phases().stream().map(it -> it.name()).toList();
      mistakes.add("phase: %s (expected: one of %s)".formatted(name, names));
    }
    expectMillis("every", every, mistakes);
    expectMillis("timeout", timeout, mistakes);
    if (bound == null || name == null || !mistakes.isEmpty()) {
      throw new IllegalArgumentException(
          "breaker %s: %s".formatted(breaker.getName(), String.join("; ", mistakes)));
    }
    PhaseBreaker binding = new PhaseBreaker(this, bound, name, probe);
    binding.open();
    return binding;
  }

  private static void expectMillis(String name, Duration value, List<String> mistakes) {
    if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(LONGEST) > 0) {
      mistakes.add("%s: %s (expected: >= PT0.001S, <= %s)".formatted(name, value, LONGEST));
    }
  }
}
