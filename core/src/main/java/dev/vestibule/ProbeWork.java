package dev.vestibule;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Asks a phase's probe, one question after another, at the strategy's interval. */
final class ProbeWork implements Work {

  private final Probe probe;
  private final PhaseDefinition definition;
  private final Course course;
  private final ReadinessStrategy.Polls delays;
  private @Nullable Attempt question;
  private @Nullable Alarm timeout;
  private @Nullable Alarm next;
  private @Nullable Throwable lastRefusal;
  private long polls;

  ProbeWork(Probe probe, PhaseDefinition definition, Course course) {
    this.probe = probe;
    this.definition = definition;
    this.course = course;
    this.delays = definition.strategy().begin();
  }

  @Override
  public long polls() {
    return polls;
  }

  @Override
  public void begin(List<Runnable> effects) {
    Duration limit = definition.timeout();
    if (limit != null) {
      String what = "not ready within " + Text.seconds(limit);
      timeout = course.later(later -> timedOut(what, later), limit, effects);
    }
    ask(effects);
  }

  @Override
  public void stop(List<Runnable> effects) {
    Attempt running = question;
    if (running != null) {
      question = null;
      effects.add(() -> course.interrupt(running));
    }
    if (timeout != null) {
      effects.add(timeout::cancel);
    }
    if (next != null) {
      effects.add(next::cancel);
    }
  }

  private void ask(List<Runnable> effects) {
    boolean[] ready = new boolean[1];
    Attempt asked =
        new Attempt(
            definition.name(),
            1,
            () -> ready[0] = probe.isReady(),
            (ended, failure) -> course.change(later -> answered(ended, ready[0], failure, later)));
    question = asked;
    polls++;
    effects.add(() -> course.run(asked));
  }

  private void answered(
      Attempt asked, boolean ready, @Nullable Throwable failure, List<Runnable> effects) {
    if (question != asked) {
      if (ready) {
        course.late("its probe said yes", null, effects);
      }
      return;
    }
    question = null;
    Duration limit = definition.timeout();
    if (ready) {
      course.end(PhaseEvent.READY, null, effects);
      return;
    }
    lastRefusal = failure;
    if (limit != null && polls >= definition.strategy().mostPolls(limit)) {
      timedOut("not ready after " + polls + " polls", effects);
    } else {
      next = course.later(this::ask, delays.next(definition.name()), effects);
    }
  }

  private void timedOut(String what, List<Runnable> effects) {
    TimeoutException failure = new TimeoutException(what);
    if (lastRefusal != null) {
      failure.initCause(lastRefusal);
    }
    course.end(PhaseEvent.FAIL, failure, effects);
  }
}
