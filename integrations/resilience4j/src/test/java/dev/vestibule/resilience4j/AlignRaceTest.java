package dev.vestibule.resilience4j;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.PhaseState;
import dev.vestibule.Startup;
import dev.vestibule.testkit.ManualTime;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Calls of the application, operators, the timer and somebody else's signals, all at once. Bounded
 * in rounds; once everything is quiet, the phase is where the breaker is.
 */
class AlignRaceTest {

  private static final int ROUNDS = 1_000;

  // A thousand rounds lose the phase some thousand times, and each is a warning with its cause.
  private final Logger logger = Logger.getLogger("dev.vestibule");

  @BeforeEach
  void quiet() {
    logger.setLevel(Level.OFF);
  }

  @AfterEach
  void loud() {
    logger.setLevel(null);
  }

  /** One round: everything new, four threads, a few steps each. */
  private static final class Round {
    private final ManualTime time = new ManualTime();
    private final CircuitBreaker breaker =
        CircuitBreaker.of(
            "db",
            CircuitBreakerConfig.custom()
                .slidingWindowSize(2)
                .minimumNumberOfCalls(2)
                .permittedNumberOfCallsInHalfOpenState(1)
                .waitDurationInOpenState(ofMillis(1))
                .build());
    private final Startup startup =
        Startup.define().phase("database", p -> p.signalled()).ticker(time).scheduler(time).build();
    private final AtomicInteger asking = new AtomicInteger();
    private final Random random;
    private volatile boolean two;

    Round(long seed) {
      random = new Random(seed);
    }

    private boolean probe() {
      two |= asking.incrementAndGet() > 1;
      boolean well = time.read() % 3 != 0;
      asking.decrementAndGet();
      return well;
    }

    private void call(boolean well) {
      if (breaker.tryAcquirePermission()) {
        if (well) {
          breaker.onSuccess(1, TimeUnit.MILLISECONDS);
        } else {
          breaker.onError(1, TimeUnit.MILLISECONDS, new IOException("cut"));
        }
      }
    }

    private void operate(int what) {
      switch (what % 4) {
        case 0 -> breaker.reset();
        case 1 -> breaker.transitionToForcedOpenState();
        case 2 -> breaker.transitionToOpenState();
        default -> breaker.transitionToHalfOpenState();
      }
    }

    private void tryTo(Runnable step) {
      try {
        step.run();
      } catch (RuntimeException refused) {
        // Not every state can be left for every other, and another thread may have been first.
        assertThat(refused.getClass().getSimpleName()).isEqualTo("IllegalStateTransitionException");
      }
    }

    PhaseBreaker bind(ExecutorService threads) {
      PhaseBreaker binding =
          PhaseBreaker.bind(breaker)
              .to(startup, "database")
              .ticker(time)
              .scheduler(time)
              .executor(threads)
              .recoveringBy(this::probe);
      startup.start();
      startup.signal("database").ready();
      return binding;
    }

    List<Runnable> parts() {
      int first = random.nextInt(4);
      int second = random.nextInt(4);
      return List.of(
          () -> repeat(() -> call(false)),
          () -> {
            tryTo(() -> operate(first));
            tryTo(() -> operate(second));
          },
          () -> repeat(() -> time.advance(ofMillis(101))),
          () -> repeat(startup.signal("database")::regained));
    }

    private static void repeat(Runnable step) {
      for (int i = 0; i < 4; i++) {
        step.run();
      }
    }

    void check() {
      State state = breaker.getState();
      PhaseState expected =
          state == State.CLOSED || state == State.DISABLED ? PhaseState.READY : PhaseState.DOWN;
      assertThat(startup.snapshot().phase("database").state())
          .as("while it is %s", state)
          .isEqualTo(expected);
      assertThat(two).as("two probes at a time").isFalse();
    }
  }

  private static void together(List<Runnable> parts, ExecutorService threads) throws Exception {
    CyclicBarrier barrier = new CyclicBarrier(parts.size());
    List<Future<Object>> futures =
        parts.stream()
            .map(part ->
                (Callable<Object>)
                    () -> {
                      barrier.await();
                      part.run();
                      return part;
                    })
            .map(threads::submit)
            .toList();
    for (Future<Object> future : futures) {
      future.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void whenAllIsQuietThePhaseIsWhereTheBreakerIs() throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      for (int i = 0; i < ROUNDS; i++) {
        Round round = new Round(i);
        // Its own, so that it can be waited for.
        ExecutorService probes = Executors.newSingleThreadExecutor();
        PhaseBreaker binding = round.bind(probes);
        together(round.parts(), threads);
        probes.shutdown();
        assertThat(probes.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        round.check();
        binding.close();
        assertThat(round.time.pending()).isZero();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
