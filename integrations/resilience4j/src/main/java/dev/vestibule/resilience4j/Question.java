package dev.vestibule.resilience4j;

import dev.vestibule.Probe;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One question to the probe, through the breaker. The permission that it takes is settled once:
 * with the answer, or by whoever gives it up. Safe for use by many threads.
 */
final class Question implements Runnable {

  private enum Step {
    NEW,
    ASKING,
    SETTLED
  }

  private final CircuitBreaker breaker;
  private final Probe probe;
  private final Runnable whenEnded;

  // Guarded by this.
  private Step step = Step.NEW;
  private @Nullable Thread runner;
  private boolean interrupted;
  private long began;

  private volatile boolean givenUp;
  private volatile boolean refused;
  private volatile boolean ended;

  Question(CircuitBreaker breaker, Probe probe, Runnable whenEnded) {
    this.breaker = breaker;
    this.probe = probe;
    this.whenEnded = whenEnded;
  }

  /** Whether the breaker let no call through. */
  boolean wasRefused() {
    return refused;
  }

  /** Whether its time was up, or it is not wanted any more. */
  boolean wasGivenUp() {
    return givenUp;
  }

  /** The name of the thread that it runs on; null while there is none. */
  synchronized @Nullable String thread() {
    return runner == null ? null : runner.getName();
  }

  /** Whether nothing of it runs any more. */
  boolean hasEnded() {
    return ended;
  }

  @Override
  public void run() {
    try {
      if (begin()) {
        ask();
      }
    } finally {
      end();
      whenEnded.run();
    }
  }

  private synchronized boolean begin() {
    if (step != Step.NEW) {
      return false;
    }
    runner = Thread.currentThread();
    return true;
  }

  private void ask() {
    if (!breaker.tryAcquirePermission()) {
      refused = true;
      return;
    }
    if (!permitted()) {
      breaker.releasePermission();
      return;
    }
    Throwable failure = null;
    try {
      if (!probe.isReady()) {
        failure = new IOException("its probe said no");
      }
    } catch (Throwable t) {
      // Whatever a probe throws, the breaker must hear of it, or its permission is lost.
      failure = t;
    }
    if (settle()) {
      tell(failure);
    }
  }

  private synchronized boolean permitted() {
    if (step != Step.NEW) {
      return false;
    }
    step = Step.ASKING;
    began = breaker.getCurrentTimestamp();
    return true;
  }

  private synchronized boolean settle() {
    boolean first = step == Step.ASKING;
    step = Step.SETTLED;
    return first;
  }

  private synchronized void end() {
    runner = null;
    // A thread that goes back to a pool must not carry our interrupt to the next task.
    if (interrupted) {
      Thread.interrupted();
    }
    ended = true;
  }

  /**
   * Interrupts it, and settles in its place.
   *
   * @param failure what the breaker is told; null to tell it that there was no call
   * @return false when it had ended already
   */
  boolean giveUp(@Nullable Throwable failure) {
    boolean first;
    synchronized (this) {
      if (ended) {
        return false;
      }
      first = settle();
      givenUp = true;
      if (runner != null) {
        interrupted = true;
        runner.interrupt();
      }
    }
    if (first && failure == null) {
      breaker.releasePermission();
    } else if (first) {
      tell(failure);
    }
    return true;
  }

  /**
   * What the breaker's configuration would not count as a failure it would count as a success, and
   * close. A probe that did not say yes must not do that, so it is no call at all then.
   */
  private void tell(@Nullable Throwable failure) {
    long took = breaker.getCurrentTimestamp() - beganAt();
    if (failure == null) {
      breaker.onSuccess(took, breaker.getTimestampUnit());
    } else if (isCounted(failure)) {
      breaker.onError(took, breaker.getTimestampUnit(), failure);
    } else {
      breaker.releasePermission();
    }
  }

  private synchronized long beganAt() {
    return began;
  }

  /** As the breaker's own {@code onError} decides. */
  private boolean isCounted(Throwable failure) {
    boolean wrapped =
        failure instanceof CompletionException || failure instanceof ExecutionException;
    Throwable cause = wrapped && failure.getCause() != null ? failure.getCause() : failure;
    var config = breaker.getCircuitBreakerConfig();
    return !config.getIgnoreExceptionPredicate().test(cause)
        && config.getRecordExceptionPredicate().test(cause);
  }
}
