package dev.vestibule.resilience4j;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import dev.vestibule.PhaseState;
import dev.vestibule.Probe;
import dev.vestibule.Scheduler;
import dev.vestibule.Signal;
import dev.vestibule.Startup;
import dev.vestibule.StartupSnapshot;
import dev.vestibule.StartupState;
import dev.vestibule.Ticker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.event.CircuitBreakerEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a phase down while a circuit breaker lets no calls through, and asks a probe through the
 * breaker until it is closed again: an open breaker leaves that state only when it is called, and
 * behind a closed gate nobody calls it. Safe for use by many threads.
 *
 * <pre>{@code
 * PhaseBreaker.bind(breaker).to(startup, "database").recoveringBy(database::isReachable);
 * }</pre>
 *
 * <h2>What the phase does</h2>
 *
 * <table>
 * <caption>The phase, by the breaker's state</caption>
 * <tr><th>breaker</th><th>phase</th><th>probe</th></tr>
 * <tr><td>CLOSED, DISABLED, METRICS_ONLY</td><td>READY</td><td>none</td></tr>
 * <tr><td>OPEN</td><td>DOWN, for as long as the breaker waits at least, where that can be
 * known</td><td>when that is over</td></tr>
 * <tr><td>HALF_OPEN</td><td>DOWN</td><td>one at a time, with a gap between them</td></tr>
 * <tr><td>FORCED_OPEN</td><td>DOWN</td><td>none, until that is changed</td></tr>
 * </table>
 *
 * <p>A phase that is not ready yet is not touched; if the breaker is open when it becomes ready, it
 * is down at once.
 *
 * <h2>How it works</h2>
 *
 * <p>Neither the breaker's events nor the startup's nor the timer's are acted upon: each is a
 * reason to look. Whoever looks reads the state of the breaker and of the phase as they are, and
 * brings the phase into line ({@code alignOnce}). One thread does so at a time; who comes meanwhile
 * leaves a mark, and the one at work looks again before it goes, so no change is missed and none is
 * undone by somebody slow. It holds no lock, so it may call whatever it likes.
 */
public final class PhaseBreaker implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(PhaseBreaker.class.getName());

  // A breaker that lets nobody through for a time unknown; asking costs it a count.
  private static final Duration REFUSED_GAP = Duration.ofSeconds(1);
  // What stays down moves between OPEN and HALF_OPEN with each probe; that is no news.
  private static final Duration SAID_AGAIN = Duration.ofMinutes(5);
  // It lets calls through strictly after its wait, and counts in milliseconds.
  private static final long PAST_THE_WAIT = Duration.ofMillis(1).toNanos();

  // Each that ignores its interrupt holds a thread, perhaps for good: it is left alone after this
  // many of its timeouts, and of those there are so many at most.
  private static final int TIMEOUTS_UNTIL_ABANDONED = 10;
  private static final int MOST_ABANDONED = 3;

  private final CircuitBreaker breaker;
  private final Startup startup;
  private final String phase;
  private final Signal signal;
  private final Probe probe;
  private final Duration every;
  private final Duration timeout;
  private final Ticker ticker;
  private final Scheduler scheduler;
  private final Executor executor;
  private final OpenWait wait;

  private final AtomicInteger reasonsToLook = new AtomicInteger();
  private volatile boolean closed;
  private volatile @Nullable State seen;

  // The rest belongs to the one thread that aligns.
  private boolean lost;
  private final Map<State, Long> saidAt = new EnumMap<>(State.class);
  private @Nullable State toldState;
  private long toldOpening;
  private @Nullable Question question;
  private long askedAt;
  private boolean toldOfTooMany;
  private final List<Question> abandoned = new ArrayList<>();
  private Scheduler.@Nullable Scheduled timer;
  private long notBefore;

  PhaseBreaker(PhaseBreakerBuilder definition, Startup startup, String phase, Probe probe) {
    this.breaker = definition.breaker;
    this.startup = startup;
    this.phase = phase;
    this.signal = startup.signal(phase);
    this.probe = probe;
    this.every = definition.every;
    this.timeout = definition.timeout;
    this.ticker = definition.ticker;
    this.scheduler = definition.scheduler;
    Executor own = definition.executor;
    this.executor = own == null ? this::runOnThread : own;
    this.wait = new OpenWait(breaker, ticker);
    this.notBefore = ticker.read();
  }

  /**
   * Begins a binding.
   *
   * @param breaker the breaker that the application calls through already
   * @return a builder
   */
  public static PhaseBreakerBuilder bind(CircuitBreaker breaker) {
    return new PhaseBreakerBuilder(Objects.requireNonNull(breaker, "breaker"));
  }

  /**
   * Ends the binding: nothing of it is scheduled any more, and a question under way is interrupted
   * and not counted. The phase stays as it is; who closes while it is down says {@link
   * Signal#regained()} for it. Closing the startup ends the binding too. Returns at once; calling
   * it again does nothing.
   */
  @Override
  public void close() {
    closed = true;
    align();
  }

  void open() {
    // Neither can be told to forget its listener, so they keep one that does nothing once closed.
    breaker.getEventPublisher().onEvent(this::heard);
    startup.listen(event -> {
      if (!closed) {
        align();
      }
    });
    align();
  }

  /** On whichever thread calls through the breaker, for every call: so it must be cheap. */
  private void heard(CircuitBreakerEvent event) {
    if (closed) {
      return;
    }
    wait.heard(event);
    // Not only transitions: a listener before this one may have thrown, which hides them from us.
    if (event.getEventType() == CircuitBreakerEvent.Type.STATE_TRANSITION
        || breaker.getState() != seen) {
      align();
    }
  }

  /** Plainly: {@code synchronized (this) { alignOnce(); }}, but nobody waits for anybody. */
  private void align() {
    if (reasonsToLook.getAndIncrement() != 0) {
      return;
    }
    int looked = 1;
    do {
      try {
        alignOnce();
      } catch (RuntimeException | Error e) {
        LOG.log(ERROR, "phase " + phase + ": its circuit breaker could not be followed", e);
      }
      looked = reasonsToLook.addAndGet(-looked);
    } while (looked != 0);
  }

  private void alignOnce() {
    takeAnswer();
    State now = breaker.getState();
    seen = now;
    StartupSnapshot whole = startup.snapshot();
    PhaseState stands = whole.phase(phase).state();
    if (closed || whole.state() == StartupState.CLOSED) {
      end();
    } else if (stands != PhaseState.READY && stands != PhaseState.DOWN) {
      stopTimer();
    } else if (now == State.OPEN || now == State.HALF_OPEN || now == State.FORCED_OPEN) {
      lose(now, stands);
      askWhenDue(now);
    } else {
      regain(now);
    }
  }

  private void end() {
    closed = true;
    stopTimer();
    Question asked = question;
    if (asked != null) {
      asked.giveUp(null);
    }
  }

  // ---- The phase.

  private void lose(State now, PhaseState stands) {
    long opening = wait.opening();
    boolean news = now != toldState || opening != toldOpening;
    if (stands == PhaseState.DOWN && !news) {
      return;
    }
    lost = true;
    toldState = now;
    toldOpening = opening;
    Duration left = now == State.OPEN ? left() : null;
    Throwable cause = new Shut(breaker.getName(), now, wait.lastError());
    if (left != null) {
      signal.lost(cause, left);
    } else if (stands == PhaseState.READY) {
      signal.lost(cause);
    } else {
      // Takes the place of a time that was told before.
      signal.lost(cause, Duration.ZERO);
    }
    say(isNews(now) ? INFO : DEBUG, now, left);
  }

  private boolean isNews(State now) {
    long at = ticker.read();
    Long last = saidAt.get(now);
    if (last != null && at - last < SAID_AGAIN.toNanos()) {
      return false;
    }
    saidAt.put(now, at);
    return true;
  }

  /** Why the phase is down. It has no stack, which would say nothing; the error behind it has. */
  private static final class Shut extends Exception {
    private static final long serialVersionUID = 1;

    Shut(String breaker, State state, @Nullable Throwable lastError) {
      super("circuit breaker %s is %s".formatted(breaker, state), lastError, false, false);
    }
  }

  private @Nullable Duration left() {
    Long until = wait.until();
    return until == null ? null : Duration.ofNanos(Math.max(0, until - ticker.read()));
  }

  private void regain(State now) {
    if (question == null) {
      stopTimer();
    }
    toldState = null;
    if (lost) {
      lost = false;
      saidAt.clear();
      say(INFO, now, null);
      signal.regained();
    }
  }

  private void say(System.Logger.Level level, State now, @Nullable Duration left) {
    LOG.log(
        level,
        "phase {0}: circuit breaker {1} is {2}{3}",
        phase,
        breaker.getName(),
        now,
        left == null ? "" : ", for at least " + seconds(left));
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.3f s", duration.toNanos() / 1e9);
  }

  // ---- The probe.

  private void askWhenDue(State now) {
    Question asked = question;
    if (asked != null && !asked.wasGivenUp()) {
      return;
    }
    stopTimer();
    if (now == State.FORCED_OPEN || (asked != null && !abandon(asked))) {
      return;
    }
    long due = notBefore;
    Long until = now == State.OPEN ? wait.until() : null;
    if (until != null && until + PAST_THE_WAIT - due > 0) {
      due = until + PAST_THE_WAIT;
    }
    long left = due - ticker.read();
    if (left <= 0) {
      ask();
    } else {
      later(this::align, Duration.ofNanos(left));
    }
  }

  /** Whether another may be asked beside one that ignores its interrupt. */
  private boolean abandon(Question asked) {
    long left = askedAt + timeout.toNanos() * TIMEOUTS_UNTIL_ABANDONED - ticker.read();
    if (left > 0) {
      later(this::align, Duration.ofNanos(left));
      return false;
    }
    boolean room = abandoned.size() < MOST_ABANDONED;
    if (room) {
      question = null;
      abandoned.add(asked);
      sayAbandoned(asked, "is abandoned; another is asked");
    } else if (!toldOfTooMany) {
      toldOfTooMany = true;
      sayAbandoned(
          asked, MOST_ABANDONED + " are abandoned already; another is asked when one has ended");
    }
    return room;
  }

  private void sayAbandoned(Question asked, String what) {
    String thread = asked.thread();
    LOG.log(
        WARNING,
        "phase {0}: a question to its probe {1} {2}",
        phase,
        thread == null ? "has not begun and" : "ignores its interrupt on thread " + thread + " and",
        what);
  }

  private void ask() {
    Question asked = new Question(breaker, probe, this::align);
    question = asked;
    askedAt = ticker.read();
    later(() -> expire(asked), timeout);
    try {
      executor.execute(asked);
    } catch (RuntimeException | Error e) {
      LOG.log(WARNING, "phase " + phase + ": its probe could not be run", e);
      question = null;
      toldOfTooMany = false;
      stopTimer();
      notBefore = ticker.read() + REFUSED_GAP.toNanos();
      later(this::align, REFUSED_GAP);
    }
  }

  private void expire(Question asked) {
    if (asked.giveUp(new TimeoutException("no answer within " + seconds(timeout)))) {
      LOG.log(
          WARNING,
          "phase {0}: its probe gave no answer within {1} and is interrupted; when it has ended, or"
              + " after {2} times that, it is asked again",
          phase,
          seconds(timeout),
          TIMEOUTS_UNTIL_ABANDONED);
      align();
    }
  }

  private void takeAnswer() {
    if (abandoned.removeIf(Question::hasEnded)) {
      toldOfTooMany = false;
    }
    Question asked = question;
    if (asked != null && asked.hasEnded()) {
      question = null;
      stopTimer();
      notBefore = ticker.read() + (asked.wasRefused() ? REFUSED_GAP : every).toNanos();
    }
  }

  private void later(Runnable task, Duration delay) {
    try {
      timer = scheduler.schedule(task, delay);
    } catch (RuntimeException | Error e) {
      LOG.log(ERROR, "phase " + phase + ": the scheduler takes no tasks", e);
    }
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void runOnThread(Runnable asked) {
    Thread thread = new Thread(asked, "vestibule-breaker-" + phase);
    thread.setDaemon(true);
    thread.start();
  }
}
