package dev.vestibule.gateway.cli;

import dev.vestibule.Gate;
import dev.vestibule.PhaseFailure;
import dev.vestibule.PhaseSnapshot;
import dev.vestibule.PhaseState;
import dev.vestibule.Reason;
import dev.vestibule.Scheduler;
import dev.vestibule.StartupEvent;
import dev.vestibule.StartupSnapshot;
import dev.vestibule.StartupState;
import dev.vestibule.Ticker;
import dev.vestibule.WaitEnded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * How one upstream fares, told in as few lines as say it: a change of its state at once; how many
 * wait after a tenth of a second, and then ever less often; outcomes together, once no more come.
 * Safe for use by many threads.
 */
final class Course {

  /** What comes within so long is one change. */
  static final Duration SOON = Duration.ofMillis(100);

  /** However long a start takes, who looks sees how many wait now. */
  static final Duration SELDOM = Duration.ofSeconds(2);

  private enum State {
    NONE,
    HOLDING,
    OPEN,
    REFUSING
  }

  private final String at;
  private final Gate gate;
  private final Ticker ticker;
  private final Scheduler scheduler;
  private final Consumer<String> lines;

  // All guarded by this.
  private State state = State.NONE;
  private long since;
  private long opened;
  private int waiting;
  private boolean looking;
  private int admitted;
  private long lastAdmitted;
  private int left;
  private final Map<Integer, Integer> told = new TreeMap<>();
  private int cut;
  private boolean parting;
  private final Map<Reason, Integer> refused = new EnumMap<>(Reason.class);
  private boolean summing;
  private long firstOutcome;
  private long lastOutcome;
  private long lastSum;
  private boolean summed;

  Course(String at, Gate gate, Ticker ticker, Scheduler scheduler, Consumer<String> lines) {
    this.at = at;
    this.gate = gate;
    this.ticker = ticker;
    this.scheduler = scheduler;
    this.lines = lines;
  }

  /** Another start begins. */
  synchronized void starts() {
    hold("");
  }

  private void hold(String why) {
    since = ticker.read();
    if (state == State.HOLDING) {
      return;
    }
    state = State.HOLDING;
    waiting = 0;
    lines.accept("holding " + at + why);
    lookAgain();
  }

  private void lookAgain() {
    if (!looking) {
      looking = true;
      Duration quarter = Duration.ofNanos((ticker.read() - since) / 4);
      Duration delay = quarter.compareTo(SOON) < 0 ? SOON : quarter;
      scheduler.schedule(this::look, delay.compareTo(SELDOM) > 0 ? SELDOM : delay);
    }
  }

  private synchronized void look() {
    looking = false;
    if (state != State.HOLDING) {
      return;
    }
    int now = gate.snapshot().waiting();
    if (now != waiting) {
      waiting = now;
      // What became of the last ones is said elsewhere.
      if (now > 0) {
        lines.accept(now + " waiting");
      }
    }
    lookAgain();
  }

  synchronized void changed(StartupEvent event) {
    StartupSnapshot snapshot = event.snapshot();
    switch (event) {
      case StartupEvent.StartupChanged changed -> {
        if (changed.to().isComplete()) {
          open();
        } else if (changed.to() == StartupState.FAILED) {
          state = State.REFUSING;
          lines.accept("refusing: " + snapshot.failure().map(Course::why).orElse("it failed"));
        }
      }
      case StartupEvent.PhaseChanged changed when snapshot.state().isComplete() -> {
        List<String> down =
            snapshot.phases().stream()
                .filter(phase -> phase.state() == PhaseState.DOWN)
                .map(PhaseSnapshot::name)
                .toList();
        if (!down.isEmpty()) {
          hold(", since " + String.join(", ", down) + " is down");
        } else if (state == State.HOLDING) {
          open();
        }
      }
      case StartupEvent.PhaseChanged changed -> {}
    }
  }

  private static String why(PhaseFailure failure) {
    String message = failure.cause().getMessage();
    return failure.phase() + ", " + (message == null ? failure.cause() : message);
  }

  private void open() {
    state = State.OPEN;
    opened = ticker.read();
    lines.accept("ready after " + Spans.text(Duration.ofNanos(opened - since)));
  }

  synchronized void ended(WaitEnded wait) {
    long now = ticker.read();
    switch (wait.outcome()) {
      case ADMITTED -> {
        // Who came later found it open, and says nothing new. The gate may open before we know.
        boolean held = state != State.OPEN || now - wait.waited().toNanos() < opened;
        if (!held || wait.waited().isZero()) {
          return;
        }
        admitted++;
        lastAdmitted = now;
      }
      case REFUSED -> {
        if (wait.reason() != null) {
          refused.merge(wait.reason(), 1, Integer::sum);
        }
      }
      case LEFT -> left++;
    }
    lastOutcome = now;
    if (!summing) {
      summing = true;
      firstOutcome = now;
      // A server that refuses everyone for hours is not told ten times a second.
      boolean quiet = !summed || now - lastSum > SELDOM.multipliedBy(5).toNanos();
      scheduler.schedule(this::sum, quiet ? SOON : SELDOM);
    }
  }

  /** A session was closed by us, since the server was gone. */
  synchronized void parted(int code, boolean midFrame) {
    if (midFrame) {
      cut++;
    } else {
      told.merge(code, 1, Integer::sum);
    }
    if (!parting) {
      parting = true;
      scheduler.schedule(this::sumOfParted, SOON.dividedBy(2));
    }
  }

  private synchronized void sumOfParted() {
    parting = false;
    List<String> parts = new ArrayList<>();
    told.forEach((code, count) -> parts.add(Console.sessions(count) + " told " + code));
    if (cut > 0) {
      parts.add(Console.sessions(cut) + " cut within a frame");
    }
    told.clear();
    cut = 0;
    lines.accept(String.join(", ", parts));
  }

  private synchronized void sum() {
    long now = ticker.read();
    boolean more = now - lastOutcome < SOON.toNanos();
    if (more && now - firstOutcome < SELDOM.toNanos()) {
      scheduler.schedule(this::sum, SOON);
      return;
    }
    summing = false;
    summed = true;
    lastSum = now;
    List<String> parts = new ArrayList<>();
    if (admitted > 0) {
      Duration after = Duration.ofNanos(Math.max(0, lastAdmitted - opened));
      parts.add(admitted + " admitted, last +" + Spans.text(after));
    }
    if (left > 0) {
      parts.add(left + " left");
    }
    if (!refused.isEmpty()) {
      int all = refused.values().stream().mapToInt(Integer::intValue).sum();
      parts.add(all + " refused (" + reasons() + ")");
    }
    admitted = 0;
    left = 0;
    refused.clear();
    lines.accept(String.join(" | ", parts));
  }

  private String reasons() {
    return refused.size() == 1
        ? refused.keySet().iterator().next().name()
        : refused.entrySet().stream()
            .map(it -> it.getKey() + " " + it.getValue())
            .collect(Collectors.joining(", "));
  }
}
