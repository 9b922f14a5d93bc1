package dev.vestibule.chat.model;

import dev.vestibule.Probe;
import dev.vestibule.Scheduler;
import dev.vestibule.Signal;
import dev.vestibule.Ticker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** A {@link BreakerBinding} that probes each time the breaker has been open for its wait. */
final class ProbedBreaker implements BreakerBinding {

  private final Duration every;
  private final Ticker ticker;
  private final Scheduler scheduler;
  private final Executor executor;

  /**
   * Makes one.
   *
   * @param every how long the breaker stays open
   * @param executor runs each probe on a thread of its own
   */
  ProbedBreaker(Duration every, Ticker ticker, Scheduler scheduler, Executor executor) {
    this.every = every;
    this.ticker = ticker;
    this.scheduler = scheduler;
    this.executor = executor;
  }

  @Override
  public Runnable bind(CircuitBreaker breaker, Signal phase, Probe probe) {
    Bound bound = new Bound(breaker, probe);
    breaker
        .getEventPublisher()
        .onStateTransition(event -> {
          switch (event.getStateTransition().getToState()) {
            case OPEN -> {
              phase.lost(new Opened(breaker.getName()));
              bound.probeLater();
            }
            case CLOSED -> phase.regained();
            default -> {
              // Half open is still down: nobody knows yet.
            }
          }
        });
    return bound::stop;
  }

  /** Why a phase is down. Its stack would say nothing. */
  private static final class Opened extends Exception {
    Opened(String name) {
      super("the circuit breaker " + name + " opened", null, false, false);
    }
  }

  private final class Bound {
    private final CircuitBreaker breaker;
    private final Probe probe;
    private Scheduler.Scheduled next = () -> {};
    private boolean stopped;

    Bound(CircuitBreaker breaker, Probe probe) {
      this.breaker = breaker;
      this.probe = probe;
    }

    synchronized void stop() {
      stopped = true;
      next.cancel();
    }

    synchronized void probeLater() {
      next.cancel();
      if (stopped) {
        return;
      }
      // An open breaker can be tried after its wait, and not yet at its end.
      next = scheduler.schedule(() -> executor.execute(this::probe), every.plusMillis(1));
    }

    private void probe() {
      if (breaker.getState() == CircuitBreaker.State.CLOSED) {
        return;
      }
      if (!breaker.tryAcquirePermission()) {
        // Somebody else is trying it.
        probeLater();
        return;
      }
      long began = ticker.read();
      try {
        if (!probe.isReady()) {
          throw new IllegalStateException("not ready");
        }
        breaker.onSuccess(ticker.read() - began, TimeUnit.NANOSECONDS);
      } catch (Exception e) {
        breaker.onError(ticker.read() - began, TimeUnit.NANOSECONDS, e);
      }
    }
  }
}
