package dev.vestibule.history;

import dev.vestibule.PhaseSnapshot;
import dev.vestibule.PhaseState;
import dev.vestibule.StartupSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The past starts of one graph, to be run again from where this one stands. Immutable.
 *
 * <p>Each past start gives one sample of the time that remains: what has passed takes nothing, what
 * runs takes what is left of it, what is still to come takes what it took, and the longest path
 * through all of them counts. As all phases are taken from the same start, what belongs together
 * stays together: cold starts are slow in everything. A start in which a phase took less than it
 * has taken already now is not like this one, and gives none.
 */
final class Replay {

  /** How much less a start tells than the one after it. Chosen by simulation. */
  private static final double FADING = 0.98;

  private final List<PhaseSnapshot> graph;
  // Positions in the graph, each after those that it comes after.
  private final int[] order;
  private final int[][] after;
  private final List<long[]> micros = new ArrayList<>();
  private final List<boolean[]> complete = new ArrayList<>();
  private final Tail tail;

  Replay(List<PhaseSnapshot> graph, List<PastStart> starts, Set<String> phases) {
    this.graph = graph.stream().map(Replay::pending).toList();
    Map<String, Integer> positions = new HashMap<>();
    for (PhaseSnapshot phase : graph) {
      positions.put(phase.name(), positions.size());
    }
    after = new int[graph.size()][];
    for (int i = 0; i < after.length; i++) {
      after[i] = graph.get(i).after().stream().mapToInt(positions::get).toArray();
    }
    order = order();
    for (PastStart start : starts) {
      // Always so, unless somebody wrote the file by hand.
      if (start.phases().keySet().equals(positions.keySet())) {
        add(start);
      }
    }
    boolean[] needed = needed(this.graph, phases);
    tail = Tail.of(needed == null ? new Samples(0) : samples(needed, noneSpent()));
  }

  private static PhaseSnapshot pending(PhaseSnapshot phase) {
    return new PhaseSnapshot(
        phase.name(),
        PhaseState.PENDING,
        phase.after(),
        phase.optional(),
        null,
        null,
        0,
        null,
        null);
  }

  private void add(PastStart start) {
    long[] times = new long[graph.size()];
    boolean[] passed = new boolean[graph.size()];
    for (int i = 0; i < times.length; i++) {
      PhaseTime time = start.phases().get(graph.get(i).name());
      if (time != null) {
        times[i] = time.micros();
        passed[i] = time.hasPassed(graph.get(i).optional());
      }
    }
    micros.add(times);
    complete.add(passed);
  }

  private double weight(int start) {
    return Math.pow(FADING, micros.size() - 1 - start);
  }

  private int[] order() {
    int[] found = new int[graph.size()];
    int count = 0;
    Set<Integer> done = new HashSet<>();
    while (count < found.length) {
      for (int i = 0; i < found.length; i++) {
        if (!done.contains(i) && Arrays.stream(after[i]).allMatch(done::contains)) {
          done.add(i);
          found[count++] = i;
        }
      }
    }
    return found;
  }

  /** Whether these phases are the ones that this was made for. */
  boolean isOf(List<PhaseSnapshot> phases) {
    if (phases.size() != graph.size()) {
      return false;
    }
    for (int i = 0; i < phases.size(); i++) {
      PhaseSnapshot one = graph.get(i);
      PhaseSnapshot other = phases.get(i);
      if (!one.name().equals(other.name())
          || one.optional() != other.optional()
          || !one.after().equals(other.after())) {
        return false;
      }
    }
    return true;
  }

  int starts() {
    return micros.size();
  }

  boolean havePassed(StartupSnapshot now, Set<String> phases) {
    int passed = 0;
    for (PhaseSnapshot phase : now.phases()) {
      passed += phases.contains(phase.name()) && isThere(phase) ? 1 : 0;
    }
    return passed == phases.size();
  }

  /**
   * What remains, in microseconds, by every past start that is like this one so far.
   *
   * @return null when these phases are not going to pass, or there are no such phases
   */
  @Nullable Samples remaining(StartupSnapshot now, Set<String> phases) {
    boolean[] needed = needed(now.phases(), phases);
    return needed == null ? null : samples(needed, spent(now));
  }

  Tail tail() {
    return tail;
  }

  private long[] noneSpent() {
    long[] spent = new long[graph.size()];
    Arrays.fill(spent, -1);
    return spent;
  }

  private Samples samples(boolean[] needed, long[] spent) {
    Samples samples = new Samples(micros.size());
    long[] passed = new long[graph.size()];
    for (int start = 0; start < micros.size(); start++) {
      addSample(start, needed, spent, passed, samples);
    }
    return samples.sort();
  }

  /** Which phases are still to pass; null when one of them is not going to. */
  private boolean @Nullable [] needed(List<PhaseSnapshot> now, Set<String> phases) {
    boolean[] needed = new boolean[graph.size()];
    int known = 0;
    for (int i = order.length - 1; i >= 0; i--) {
      int at = order[i];
      PhaseSnapshot phase = now.get(at);
      boolean asked = phases.contains(phase.name());
      known += asked ? 1 : 0;
      if (!needed[at] && !asked) {
        continue;
      }
      needed[at] = !(asked ? isThere(phase) : hasPassed(phase));
      if (needed[at] && phase.state().isSettled()) {
        return null;
      }
      if (phase.state() == PhaseState.PENDING) {
        for (int before : after[at]) {
          needed[before] = true;
        }
      }
    }
    return known == phases.size() ? needed : null;
  }

  /** Whether who asks for this very phase has it: what is down is not there, optional or not. */
  private static boolean isThere(PhaseSnapshot phase) {
    return hasPassed(phase) && phase.state() != PhaseState.DOWN;
  }

  /** Whether what comes after it may begin. */
  private static boolean hasPassed(PhaseSnapshot phase) {
    return phase.state() == PhaseState.READY || (phase.optional() && phase.state().isSettled());
  }

  /** For how long phases have been running; -1 for those that are not. */
  private long[] spent(StartupSnapshot now) {
    long[] spent = new long[graph.size()];
    for (int i = 0; i < spent.length; i++) {
      PhaseSnapshot phase = now.phases().get(i);
      Duration began = phase.startedAt();
      spent[i] =
          phase.state() == PhaseState.RUNNING && began != null
              ? TimeUnit.NANOSECONDS.toMicros(Math.max(0, now.elapsed().minus(began).toNanos()))
              : -1;
    }
    return spent;
  }

  /** The longest path through what remains, unless the start contradicts what is known of now. */
  private void addSample(
      int start, boolean[] needed, long[] spent, long[] passed, Samples samples) {
    long[] took = micros.get(start);
    boolean[] ended = complete.get(start);
    long longest = 0;
    boolean isComplete = true;
    for (int at : order) {
      passed[at] = 0;
      if (!needed[at]) {
        continue;
      }
      if (spent[at] >= 0) {
        if (ended[at] && took[at] <= spent[at]) {
          return;
        }
        passed[at] = Math.max(0, took[at] - spent[at]);
      } else {
        for (int before : after[at]) {
          passed[at] = Math.max(passed[at], passed[before]);
        }
        passed[at] += took[at];
      }
      isComplete &= ended[at];
      longest = Math.max(longest, passed[at]);
    }
    samples.add(longest, isComplete, weight(start));
  }
}
