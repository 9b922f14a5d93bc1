package dev.vestibule;

import static java.lang.System.Logger.Level.WARNING;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Watches a phase that was ready, with hysteresis: so many times no in a row and it is down, so
 * many times yes in a row and it is back. Asks one question at a time, but for those that were
 * abandoned. All fields are guarded by the startup's lock; what is to be done outside it is added
 * to the effects.
 */
final class Health {

  private static final System.Logger LOG = System.getLogger(Startup.class.getName());

  /** How often a question that ignores its interrupt counts as a no before another is asked. */
  private static final int MOST_OVERDUE = 10;

  /** Each holds a thread, perhaps for good, so there must be an end to them. */
  private static final int MOST_ABANDONED = 3;

  private final HealthDefinition definition;
  private final String phase;
  private final Course course;
  private @Nullable Attempt question;
  // Its time was up, and it has not ended yet: nobody asks beside it, until it is abandoned.
  private @Nullable Attempt hanging;
  private int overdue;
  // Given up for good, and running yet.
  private final Set<Attempt> abandoned = new HashSet<>();
  private @Nullable Alarm timeout;
  private @Nullable Alarm next;
  private boolean stopped;
  // The state in which the phase was last seen, and the answers in a row that speak against it.
  private PhaseState seen = PhaseState.READY;
  private int against;

  Health(HealthDefinition definition, String phase, Course course) {
    this.definition = definition;
    this.phase = phase;
    this.course = course;
  }

  /** The phase has become ready for the first time. */
  void begin(List<Runnable> effects) {
    next = course.whenever(this::ask, definition.every(), effects);
  }

  /** Nothing may be left behind that runs or is scheduled. */
  void stop(List<Runnable> effects) {
    stopped = true;
    forget(effects);
    if (next != null) {
      effects.add(next::cancel);
    }
  }

  private void ask(List<Runnable> effects) {
    if (stopped) {
      return;
    }
    if (hanging != null && !abandon(hanging, effects)) {
      answer(false, overdue(), effects);
      return;
    }
    boolean[] well = new boolean[1];
    Attempt asked =
        new Attempt(
            phase,
            1,
            () -> well[0] = definition.probe().isReady(),
            (ended, failure) -> course.change(later -> answered(ended, well[0], failure, later)));
    question = asked;
    timeout = course.whenever(later -> expired(asked, later), definition.timeout(), effects);
    effects.add(() -> course.run(asked));
  }

  /** Returns whether another may be asked beside it. */
  private boolean abandon(Attempt asked, List<Runnable> effects) {
    overdue++;
    if (overdue <= MOST_OVERDUE) {
      return false;
    }
    boolean room = abandoned.size() < MOST_ABANDONED;
    if (room) {
      hanging = null;
      abandoned.add(asked);
    }
    if (room || overdue == MOST_OVERDUE + 1) {
      effects.add(() -> logAbandoned(room));
    }
    return room;
  }

  private void logAbandoned(boolean again) {
    LOG.log(
        WARNING,
        again
            ? "phase {0}: a question to its probe is overdue {1} times and abandoned; another is asked"
            : "phase {0}: a question to its probe is overdue {1} times, and {2} are abandoned already;"
                + " another is asked when one of them has ended",
        phase,
        MOST_OVERDUE,
        MOST_ABANDONED);
  }

  private void expired(Attempt asked, List<Runnable> effects) {
    if (question == asked) {
      forget(effects);
      hanging = asked;
      overdue = 1;
      answer(false, overdue(), effects);
    }
  }

  private TimeoutException overdue() {
    return new TimeoutException("no answer within " + Text.seconds(definition.timeout()));
  }

  private void answered(
      Attempt asked, boolean well, @Nullable Throwable failure, List<Runnable> effects) {
    if (hanging == asked) {
      hanging = null;
    } else if (question == asked) {
      question = null;
      forget(effects);
      answer(well, failure, effects);
    } else {
      abandoned.remove(asked);
    }
  }

  private void answer(boolean well, @Nullable Throwable failure, List<Runnable> effects) {
    PhaseState now = course.snapshot().state();
    // Somebody else may have lost or regained it meanwhile.
    int before = now == seen ? against : 0;
    boolean ready = now == PhaseState.READY;
    against = well == ready ? 0 : before + 1;
    if (ready && against >= definition.downAfter()) {
      against = 0;
      course.lose(
          failure == null ? new IllegalStateException("its probe said no") : failure,
          null,
          effects);
    } else if (!ready && against >= definition.upAfter()) {
      against = 0;
      course.move(PhaseEvent.REGAINED, null, effects);
    }
    seen = course.snapshot().state();
    next = course.whenever(this::ask, definition.every(), effects);
  }

  /** Interrupts the question at hand, if there is one, and takes its time limit down. */
  private void forget(List<Runnable> effects) {
    Attempt asked = question;
    if (asked != null) {
      question = null;
      effects.add(() -> course.interrupt(asked));
    }
    if (timeout != null) {
      effects.add(timeout::cancel);
      timeout = null;
    }
  }
}
