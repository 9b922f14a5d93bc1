package dev.vestibule.bench.timing;

import dev.vestibule.ReadinessStrategy;
import dev.vestibule.bench.timing.ClientProcess.Connect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.ToLongBiFunction;

/**
 * Runs the rounds. In phase: one client a round, and startup ends 0.3 s after it arrived, which is
 * a whole number of the fixed strategy's polls, as in the original experiment. At random: all
 * clients at once, and startup ends at a moment that no poll knows, 0.3 to 8 s after the first of
 * them arrived.
 */
final class Experiment {

  static final Duration IN_PHASE = Duration.ofMillis(300);
  private static final int SHORTEST_MILLIS = 300;
  private static final int LONGEST_MILLIS = 8_000;

  /** The strategies under test, by the names that the tables use. */
  static final Map<String, ReadinessStrategy> STRATEGIES = new LinkedHashMap<>();

  static {
    STRATEGIES.put("progressive", ReadinessStrategy.progressive());
    STRATEGIES.put("fixed 100 ms", ReadinessStrategy.fixed(Duration.ofMillis(100)));
    STRATEGIES.put("signal", ReadinessStrategy.signal());
  }

  static final String FLOOR = "no gate";

  private final ClientProcess clients;
  private final Consumer<String> progress;

  Experiment(ClientProcess clients, Consumer<String> progress) {
    this.clients = clients;
    this.progress = progress;
  }

  /** Lets both processes compile what they will need; what is seen here is not counted. */
  void warmUp(int count) throws Exception {
    progress.accept("warming up");
    for (int i = 0; i < 20; i++) {
      round(ReadinessStrategy.signal(), Duration.ofMillis(50), count, Experiment::sinceReady);
      floorRound(Duration.ZERO, count);
    }
  }

  /** From each client's arrival to its 101. */
  Result inPhase(String name, ReadinessStrategy strategy, int rounds) throws Exception {
    Result result = new Result(name);
    for (int round = 1; round <= rounds; round++) {
      progress.accept("in phase, %s: round %d of %d".formatted(name, round, rounds));
      result.add(
          round(strategy, IN_PHASE, 1, (connect, ready) -> connect.openedAt() - connect.askedAt()));
    }
    return result;
  }

  /** From readiness to each client's 101. */
  Result atRandom(String name, ReadinessStrategy strategy, int rounds, int count, long seed)
      throws Exception {
    Result result = new Result(name);
    Random random = new Random(seed);
    for (int round = 1; round <= rounds; round++) {
      Duration ready = moment(random);
      progress.accept(
          "at random, %s: round %d of %d, ready after %.1f s"
              .formatted(name, round, rounds, ready.toMillis() / 1e3));
      result.add(round(strategy, ready, count, Experiment::sinceReady));
    }
    return result;
  }

  /**
   * What the same server needs when there is nothing to wait for, from asking to the 101. Both
   * processes idle before for as long as they do while clients wait: a machine that has idled is
   * slower to answer, gate or no gate.
   */
  Result floor(int rounds, int count, long seed) throws Exception {
    Result result = new Result(FLOOR);
    Random random = new Random(seed);
    for (int round = 1; round <= rounds; round++) {
      Duration idle = moment(random);
      progress.accept(
          "%s: round %d of %d, asked after %.1f s"
              .formatted(FLOOR, round, rounds, idle.toMillis() / 1e3));
      result.add(floorRound(idle, count));
    }
    return result;
  }

  private static Duration moment(Random random) {
    return Duration.ofMillis(random.nextInt(SHORTEST_MILLIS, LONGEST_MILLIS));
  }

  private Round round(
      ReadinessStrategy strategy,
      Duration readyAfterArrival,
      int count,
      ToLongBiFunction<Connect, Long> measure)
      throws Exception {
    try (TimedServer server = TimedServer.gated(strategy, readyAfterArrival)) {
      List<Connect> connects = clients.open(server.port(), count);
      long ready = server.readyAt();
      return new Round(
          connects.stream().map(connect -> measure.applyAsLong(connect, ready)).toList(),
          server.pollIntervals());
    }
  }

  private Round floorRound(Duration idle, int count) throws Exception {
    try (TimedServer server = TimedServer.ungated()) {
      Thread.sleep(idle);
      List<Connect> connects = clients.open(server.port(), count);
      return new Round(
          connects.stream().map(connect -> connect.openedAt() - connect.askedAt()).toList(),
          List.of());
    }
  }

  private static long sinceReady(Connect connect, long readyAt) {
    return connect.openedAt() - readyAt;
  }

  /**
   * What one round showed, in nanoseconds.
   *
   * @param connects one value a client
   * @param pollIntervals one value a poll
   */
  record Round(List<Long> connects, List<Long> pollIntervals) {}

  /** All rounds of one row of a table. */
  static final class Result {
    private final String name;
    private final List<Round> rounds = new ArrayList<>();

    Result(String name) {
      this.name = name;
    }

    void add(Round round) {
      rounds.add(round);
    }

    String name() {
      return name;
    }

    List<Round> rounds() {
      return rounds;
    }

    List<Long> connects() {
      return rounds.stream().flatMap(round -> round.connects().stream()).toList();
    }

    List<Long> pollIntervals() {
      return rounds.stream().flatMap(round -> round.pollIntervals().stream()).toList();
    }

    Summary summary() {
      return Summary.of(connects());
    }
  }
}
