package dev.vestibule.resilience4j;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Admission;
import dev.vestibule.Admitted;
import dev.vestibule.Arrival;
import dev.vestibule.Gate;
import dev.vestibule.PhaseState;
import dev.vestibule.Refused;
import dev.vestibule.Startup;
import dev.vestibule.testkit.ManualTime;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/**
 * A phase, a gate and a real breaker on one manual clock: open for 4 s after two failures of two
 * calls, closed again after two successes. The probe runs in place.
 */
abstract class BreakerScene {

  final ManualTime time = new ManualTime();
  final Clock clock = new ManualClock(time);
  final List<String> outcomes = new ArrayList<>();
  final List<Refused> refusals = new ArrayList<>();
  final Startup startup =
      Startup.define().phase("database", p -> p.signalled()).ticker(time).scheduler(time).build();
  final Gate gate =
      Gate.before(startup)
          .route("/**", r -> r.requires("database"))
          .ticker(time)
          .scheduler(time)
          .random(new Random(7))
          .build();
  CircuitBreaker breaker = breaker(UnaryOperator.identity());
  boolean well;
  int asked;

  /** A wall clock that shows the manual time. */
  private static final class ManualClock extends Clock {
    private final ManualTime time;

    ManualClock(ManualTime time) {
      this.time = time;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochSecond(0, time.read());
    }
  }

  final CircuitBreaker breaker(UnaryOperator<CircuitBreakerConfig.Builder> changes) {
    return breaker(IntervalFunction.of(ofSeconds(4)), changes);
  }

  final CircuitBreaker breaker(
      IntervalFunction wait, UnaryOperator<CircuitBreakerConfig.Builder> changes) {
    CircuitBreakerConfig.Builder config =
        CircuitBreakerConfig.custom()
            .clock(clock)
            .currentTimestampFunction(it -> time.read(), TimeUnit.NANOSECONDS)
            .waitIntervalFunctionInOpenState(wait)
            .slidingWindowSize(2)
            .minimumNumberOfCalls(2)
            .permittedNumberOfCallsInHalfOpenState(2);
    breaker = CircuitBreaker.of("db", changes.apply(config).build());
    return breaker;
  }

  boolean probe() throws Exception {
    asked++;
    if (!well) {
      throw new IOException("refused");
    }
    return true;
  }

  final PhaseBreaker bind() {
    return bind(UnaryOperator.identity());
  }

  final PhaseBreaker bind(UnaryOperator<PhaseBreakerBuilder> changes) {
    PhaseBreakerBuilder binding =
        PhaseBreaker.bind(breaker)
            .to(startup, "database")
            .every(Duration.ofMillis(100))
            .ticker(time)
            .scheduler(time)
            .executor(Runnable::run);
    return changes.apply(binding).recoveringBy(this::probe);
  }

  final void ready() {
    startup.start();
    startup.signal("database").ready();
  }

  /** One call of the application through the breaker. */
  final void call(boolean succeeds) {
    if (!breaker.tryAcquirePermission()) {
      return;
    }
    if (succeeds) {
      breaker.onSuccess(1, TimeUnit.MILLISECONDS);
    } else {
      breaker.onError(1, TimeUnit.MILLISECONDS, new IOException("cut"));
    }
  }

  final void trip() {
    call(false);
    call(false);
    assertThat(breaker.getState()).isEqualTo(State.OPEN);
  }

  final PhaseState phase() {
    return startup.snapshot().phase("database").state();
  }

  /** How long the phase is expected to be away yet; null when nobody said. */
  final @Nullable Duration away() {
    Duration back = startup.snapshot().phase("database").backAt();
    return back == null ? null : back.minusNanos(time.read() - startedAt);
  }

  final long startedAt = time.read();

  final void admit(String name, Duration limit) {
    gate.admit(Arrival.at("/").on(Runnable::run).atMost(limit), admission -> told(name, admission));
  }

  private void told(String name, Admission admission) {
    if (admission instanceof Admitted admitted) {
      outcomes.add(name + " admitted");
      admitted.opened();
    } else if (admission instanceof Refused refused) {
      outcomes.add(name + " " + refused.reason());
      refusals.add(refused);
    }
  }

  final void pass(Duration duration) {
    time.advance(duration);
  }

  @AfterEach
  final void nothingIsLeftBehind() {
    startup.close();
    gate.drain();
    assertThat(gate.snapshot().waiting()).isZero();
    assertThat(time.pending()).isZero();
  }
}
