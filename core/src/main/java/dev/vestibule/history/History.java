package dev.vestibule.history;

import static java.lang.System.Logger.Level.WARNING;

import dev.vestibule.Estimate;
import dev.vestibule.Estimator;
import dev.vestibule.PhaseSnapshot;
import dev.vestibule.PhaseTimeouts;
import dev.vestibule.Scheduler;
import dev.vestibule.Startup;
import dev.vestibule.StartupSnapshot;
import dev.vestibule.environment.TimeoutBounds;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What past startups took, and how much longer this one is going to take. Safe for use by many
 * threads.
 *
 * <pre>{@code
 * History history = History.open(Path.of("/var/lib/my-service/history"));
 * Startup startup = Startup.define() ... .timeouts(history.timeouts(presets::bounds,
 *     presets.timeouts())).build();
 * history.follow(startup);
 * Gate gate = Gate.before(startup) ... .estimator(history).build();
 * }</pre>
 *
 * <h2>What is kept</h2>
 *
 * <p>The last 50 starts of each of at most 8 graphs of phases, in one file of at most 1 MiB that a
 * person can read. A start with other phases or dependencies is another graph, of which nothing is
 * known at first. What failed, ran out of time or was cut short is kept as having taken at least
 * that long.
 *
 * <p>Keeping it is never in the way: the file is read once, when it is opened, and written by a
 * thread of its own when startup is over, well or not. A file that is no history, or one of a later
 * version, is set aside as {@code ….set-aside}; one that can be neither read nor written is done
 * without; either is one warning in the log.
 *
 * <h2>How estimates are made</h2>
 *
 * <p>Each past start is run again from where this one stands, which gives as many samples of the
 * time that remains ({@link Replay}); the newest count most. The p10, p50 and p95 are those of the
 * next one, which vary more than those of the past ({@link Samples}). Where p95 lies beyond what
 * the past can tell (fewer than some twenty starts are like this one, or the longest were cut
 * short), it follows from how much longer than others the longest starts take ({@link Tail}). Where
 * this start has taken longer than every past one, all three do, and the estimate rests on no
 * starts. {@code docs/estimates.md} says how often all this comes true.
 */
public final class History implements Estimator, AutoCloseable {

  /** From so many starts of its own on, a history does without its seed. */
  private static final int ENOUGH = 5;

  private static final Duration LAST_WRITE = Duration.ofSeconds(1);

  private static final int MOST_REPLAYS = 64;

  private static final System.Logger LOG = System.getLogger(History.class.getName());

  private final InstantSource clock;
  private final @Nullable HistoryWriter writer;
  // By the phases that were asked for.
  private final Map<Set<String>, Replay> replays = new ConcurrentHashMap<>();
  private volatile List<PastStart> own;
  private volatile List<PastStart> seed = List.of();

  private History(List<PastStart> own, InstantSource clock, @Nullable HistoryWriter writer) {
    this.own = own;
    this.clock = clock;
    this.writer = writer;
  }

  /**
   * Reads a history, if there is one.
   *
   * @param file need not exist; its directory must, by the time startup is over; beside it, files
   *     whose names begin with its name come and go
   * @return the history, empty when nothing could be read
   */
  public static History open(Path file) {
    return open(file, InstantSource.system());
  }

  /**
   * Reads a history, if there is one, and goes by another clock than the machine's own.
   *
   * @param file as for {@link #open(Path)}
   * @param clock asked when a start ends, for {@link PastStart#at}
   * @return the history, empty when nothing could be read
   */
  public static History open(Path file, InstantSource clock) {
    return open(
        file,
        Objects.requireNonNull(clock, "clock"),
        Scheduler.system(),
        task -> {
          Thread thread = new Thread(task, "vestibule-history");
          thread.setDaemon(true);
          thread.start();
        });
  }

  static History open(Path path, InstantSource clock, Scheduler scheduler, Executor executor) {
    HistoryFile file = new HistoryFile(path);
    try {
      return new History(
          file.readOrSetAside(), clock, new HistoryWriter(file, scheduler, executor));
    } catch (IOException | RuntimeException e) {
      LOG.log(WARNING, "history {0}: {1}; going on without", path, e);
      return new History(List.of(), clock, null);
    }
  }

  /**
   * A history that forgets when the process ends.
   *
   * @return an empty one
   */
  public static History inMemory() {
    return new History(List.of(), InstantSource.system(), null);
  }

  /**
   * Takes in what another history knows, for as long as this one has fewer than five starts of a
   * graph. For where the disk forgets, such as on Cloud Run: keep a file from a start in the same
   * surroundings in the image. It is read at once, and never written. A file that cannot be read is
   * one warning in the log.
   *
   * @param file a history, written by {@link #open another}
   * @return this
   */
  public History seed(Path file) {
    try {
      seed = new HistoryFile(file).read();
      replays.clear();
      if (seed.isEmpty()) {
        LOG.log(WARNING, "seed {0}: nothing in it (expected: a history)", file);
      }
    } catch (IOException | HistoryText.Unreadable | RuntimeException e) {
      LOG.log(WARNING, "seed {0}: {1}; going on without", file, e);
    }
    return this;
  }

  /**
   * Remembers a startup once it is over.
   *
   * @param startup whose {@link Startup#completion()} is waited for
   * @return this
   */
  public History follow(Startup startup) {
    var unused = startup.completion().thenAccept(this::keep);
    return this;
  }

  /**
   * Remembers a startup that is over, or takes it as cut short here. Returns at once; the file is
   * written a little later.
   *
   * @param over how it ended; nothing is remembered of one in which no phase had begun
   */
  public void keep(StartupSnapshot over) {
    PastStart start = PastStart.of(over, clock.instant());
    if (start == null) {
      return;
    }
    synchronized (this) {
      List<PastStart> more = new ArrayList<>(own);
      more.add(start);
      own = HistoryText.newest(more);
    }
    replays.clear();
    if (writer != null) {
      writer.write(start);
    }
  }

  /**
   * The last starts that were kept, by this process and by those before it that kept theirs in the
   * same file, until it was opened. What a {@link #seed} knows is not among them.
   *
   * @param graph which phases they had, such as {@link StartupSnapshot#phases()}
   * @param most how many at most, 0 to 50: no more are kept
   * @return the newest first
   * @throws IllegalArgumentException when {@code most} is negative
   */
  public List<PastStart> last(List<PhaseSnapshot> graph, int most) {
    if (most < 0) {
      throw new IllegalArgumentException("most: " + most + " (expected: >= 0)");
    }
    List<PastStart> last = new ArrayList<>(of(Graphs.key(graph), own));
    Collections.reverse(last);
    return List.copyOf(last.subList(0, Math.min(most, last.size())));
  }

  /**
   * {@inheritDoc}
   *
   * @param now also of a startup that has failed, since phases that do not need what failed go on;
   *     its {@link StartupSnapshot#elapsed()} must go on too, or what runs looks younger than it is
   */
  @Override
  public @Nullable Estimate remaining(StartupSnapshot now, Set<String> phases) {
    Replay replay = replays.get(phases);
    if (replay == null || !replay.isOf(now.phases())) {
      replay = replay(now.phases(), phases);
    }
    if (replay.havePassed(now, phases)) {
      return new Estimate(Duration.ZERO, Duration.ZERO, Duration.ZERO, replay.starts());
    }
    Samples samples = replay.remaining(now, phases);
    if (samples == null || replay.starts() == 0) {
      return null;
    }
    long spent = TimeUnit.NANOSECONDS.toMicros(now.elapsed().toNanos());
    return estimate(samples, replay.tail(), spent);
  }

  private static Estimate estimate(Samples samples, Tail tail, long spent) {
    long known = samples.nextAtMost(0.95);
    long p95 = known < 0 ? tail.next(samples, spent, 0.95) : known;
    if (samples.complete() == 0) {
      return new Estimate(
          micros(tail.next(samples, spent, 0.10)),
          micros(tail.next(samples, spent, 0.50)),
          micros(p95),
          0);
    }
    long p10 = samples.nextAtLeast(0.90);
    long middle = Math.max(p10, samples.middle());
    return new Estimate(
        micros(p10), micros(middle), micros(Math.max(middle, p95)), samples.complete());
  }

  private Replay replay(List<PhaseSnapshot> graph, Set<String> phases) {
    if (replays.size() >= MOST_REPLAYS) {
      replays.clear();
    }
    Replay made = new Replay(graph, starts(Graphs.key(graph)), phases);
    replays.put(Set.copyOf(phases), made);
    return made;
  }

  /**
   * Gives time limits to phases by what they took before: p95 x margin, but at least twice the
   * longest time in which the phase became ready (or the margin times it, if that is more), and at
   * least the floor. p95 x margin alone would fail starts that are well: with a margin of 1, one in
   * twenty for each phase. {@code docs/estimates.md} says how many this fails.
   *
   * <p>A phase gets what is said otherwise where that cannot be known or would do harm:
   *
   * <ul>
   *   <li>fewer than 19 starts are known in which it became ready, or so many were given up that
   *       p95 is not known;
   *   <li>one that was given up had taken longer than all that became ready, so the longest is not
   *       known: a limit that fails a start goes away with it;
   *   <li>it needed more than one attempt in a known start: a limit is for one attempt, and only
   *       what all of them took together is kept;
   *   <li>the limit would exceed the cap, and the cap would be too close to what the phase takes.
   * </ul>
   *
   * @param bounds margin, floor and cap of a phase by its name, such as {@link
   *     dev.vestibule.environment.Presets#bounds}; null: nothing is to be learned of it
   * @param otherwise such as {@link dev.vestibule.environment.Presets#timeouts}, or one that always
   *     gives the cap
   * @return for {@link dev.vestibule.StartupBuilder#timeouts}
   */
  public PhaseTimeouts timeouts(
      Function<String, @Nullable TimeoutBounds> bounds, PhaseTimeouts otherwise) {
    return new LearnedTimeouts(
        this,
        Objects.requireNonNull(bounds, "bounds"),
        Objects.requireNonNull(otherwise, "otherwise"));
  }

  /** What is known of a graph, the oldest first. */
  List<PastStart> starts(String graph) {
    List<PastStart> known = of(graph, own);
    return known.size() < ENOUGH ? join(of(graph, seed), known) : known;
  }

  private static List<PastStart> of(String graph, List<PastStart> starts) {
    return starts.stream().filter(start -> start.graph().equals(graph)).toList();
  }

  private static List<PastStart> join(List<PastStart> older, List<PastStart> newer) {
    List<PastStart> joined = new ArrayList<>(older);
    joined.addAll(newer);
    return HistoryText.newest(joined);
  }

  /**
   * Waits until what was to be kept has been written, at most a second. Calling it twice does
   * nothing more.
   */
  @Override
  public void close() {
    close(LAST_WRITE);
  }

  void close(Duration atMost) {
    if (writer != null) {
      writer.close(atMost);
    }
  }

  private static Duration micros(long micros) {
    return Duration.of(micros, ChronoUnit.MICROS);
  }
}
