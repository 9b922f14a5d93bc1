package dev.vestibule;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Waits for the application to say ready or failed, for as long as the phase may take. */
final class SignalWork implements Work {

  private final @Nullable Duration limit;
  private final Course course;
  private @Nullable Alarm timeout;

  SignalWork(PhaseDefinition definition, Course course) {
    this.limit = definition.timeout();
    this.course = course;
  }

  @Override
  public void begin(List<Runnable> effects) {
    if (limit != null) {
      timeout = course.later(this::expired, limit, effects);
    }
  }

  @Override
  public void stop(List<Runnable> effects) {
    if (timeout != null) {
      effects.add(timeout::cancel);
    }
  }

  private void expired(List<Runnable> effects) {
    String what = "not told within " + Text.seconds(course.sinceBegun());
    course.end(PhaseEvent.FAIL, new TimeoutException(what), effects);
  }
}
