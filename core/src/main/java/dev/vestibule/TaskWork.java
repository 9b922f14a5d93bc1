package dev.vestibule;

import static java.lang.System.Logger.Level.WARNING;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Runs a phase's task: attempts one after another, each with its own time. */
final class TaskWork implements Work {

  private static final System.Logger LOG = System.getLogger(Startup.class.getName());

  private final PhaseTask task;
  private final PhaseDefinition definition;
  private final Course course;
  private @Nullable Attempt attempt;
  private @Nullable Alarm timeout;
  private @Nullable Alarm retry;

  TaskWork(PhaseTask task, PhaseDefinition definition, Course course) {
    this.task = task;
    this.definition = definition;
    this.course = course;
  }

  @Override
  public void begin(List<Runnable> effects) {
    tryOnce(1, effects);
  }

  @Override
  public void stop(List<Runnable> effects) {
    giveUp(effects);
    if (retry != null) {
      effects.add(retry::cancel);
    }
  }

  private void tryOnce(int number, List<Runnable> effects) {
    Attempt next =
        new Attempt(
            definition.name(),
            number,
            task,
            (ended, failure) -> course.change(later -> ended(ended, failure, later)));
    attempt = next;
    course.inAttempt(number);
    Duration limit = definition.timeout();
    if (limit != null) {
      timeout = course.later(later -> expired(next, limit, later), limit, effects);
    }
    effects.add(() -> course.run(next));
  }

  private void ended(Attempt ended, @Nullable Throwable failure, List<Runnable> effects) {
    if (attempt == ended) {
      attempt = null;
      concluded(ended, failure, effects);
    } else if (failure == null) {
      course.late("attempt " + ended.number() + " ended well", null, effects);
    }
  }

  private void expired(Attempt bounded, Duration limit, List<Runnable> effects) {
    if (attempt != bounded) {
      return;
    }
    giveUp(effects);
    String what = "not done within " + Text.seconds(limit);
    concluded(bounded, new TimeoutException(what), effects);
  }

  /** The attempt at hand is over, well or not. */
  private void concluded(Attempt ended, @Nullable Throwable failure, List<Runnable> effects) {
    if (failure == null) {
      course.end(PhaseEvent.READY, null, effects);
    } else if (ended.number() >= definition.attempts()) {
      course.end(PhaseEvent.FAIL, failure, effects);
    } else {
      giveUp(effects);
      effects.add(() -> logRetry(ended, failure));
      int next = ended.number() + 1;
      retry = course.later(later -> tryOnce(next, later), definition.retryDelay(), effects);
    }
  }

  /** Interrupts the attempt at hand, if there still is one, and takes its time limit down. */
  private void giveUp(List<Runnable> effects) {
    Attempt running = attempt;
    if (running != null) {
      attempt = null;
      effects.add(() -> course.interrupt(running));
    }
    if (timeout != null) {
      effects.add(timeout::cancel);
      timeout = null;
    }
  }

  private void logRetry(Attempt ended, Throwable failure) {
    LOG.log(
        WARNING,
        "phase {0}: attempt {1} of {2} failed, again in {3}: {4}",
        definition.name(),
        ended.number(),
        definition.attempts(),
        Text.seconds(definition.retryDelay()),
        failure);
  }
}
