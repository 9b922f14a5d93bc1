package dev.vestibule.bench.estimates;

import dev.vestibule.Admission;
import dev.vestibule.Admitted;
import dev.vestibule.Arrival;
import dev.vestibule.Estimator;
import dev.vestibule.Gate;
import dev.vestibule.Refused;
import dev.vestibule.Route;
import dev.vestibule.Startup;
import dev.vestibule.StartupBuilder;
import dev.vestibule.StartupState;
import dev.vestibule.history.History;
import dev.vestibule.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/**
 * One series of startups on a clock that is turned by hand, each a real {@link Startup} whose end
 * the {@link History} keeps, with a real {@link Gate} before it and the clients that knock there.
 * Used by one thread.
 */
final class Simulation {

  private static final double CLIENTS_PER_SECOND = 2;
  private static final double[] BUDGETS = {4, 10, 30};
  private static final String PATH = "/chat";

  /** A client's knock, in seconds since the start of startup. */
  private record Client(double knock, double budget) {}

  /** When its route opens, and when nobody need wait any more, in seconds since the start. */
  private record Opening(double at, double over) {

    double remains(double then) {
      return at - then;
    }
  }

  private final Series series;
  private final ManualTime time = new ManualTime();
  private final History history = History.inMemory();
  private final Estimator estimator;
  private final Random durations;
  private final Random clients;
  private final Random returns;

  Simulation(Series series, long seed) {
    this(series, seed, history -> history);
  }

  /**
   * With a gate that hears something else.
   *
   * @param told what it hears in place of the history
   */
  Simulation(Series series, long seed, UnaryOperator<Estimator> told) {
    this.series = series;
    this.estimator = told.apply(history);
    this.durations = new Random(seed);
    this.clients = new Random(seed + 1_000_003);
    this.returns = new Random(seed + 2_000_003);
  }

  /** Runs starts {@code from} (inclusive) to {@code to}, and counts what becomes of clients. */
  void run(int from, int to, Tally tally) {
    for (int number = from; number < to; number++) {
      run(series.start(number, durations), tally);
    }
  }

  private void run(Map<String, Double> seconds, Tally tally) {
    Map<String, Double> ends = ends(seconds);
    double limit = begin("services", ends) + Series.LIMIT;
    boolean fails = end("services", ends) > limit;
    double open = Math.max(end("services", ends), end("websocket", ends));
    double over = fails ? limit : end("finalize", ends);
    Opening opening =
        fails ? new Opening(Double.POSITIVE_INFINITY, limit) : new Opening(open, open);

    Startup startup = define();
    Gate gate = gate(startup);
    history.follow(startup);
    startup.start();
    ends.forEach((phase, end) -> {
      if (phase.equals("services") && fails) {
        later(limit, () -> startup.signal(phase).failed(new TimeoutException()));
      } else if (end <= over) {
        later(end, () -> startup.signal(phase).ready());
      }
    });
    for (Client client : knocks(opening.over())) {
      later(client.knock(), () -> knock(client, gate, opening, tally));
    }
    time.advance(duration(over));
    if (startup.snapshot().state() == StartupState.RUNNING || gate.snapshot().waiting() > 0) {
      throw new AssertionError("not over: " + startup.snapshot() + ", " + gate.snapshot());
    }
    startup.close();
    time.advance(Duration.ofSeconds(1));
  }

  private void knock(Client client, Gate gate, Opening opening, Tally tally) {
    Route route = gate.routes().get(0);
    double knock = client.knock();
    tally.knocked(
        client.budget(), opening.remains(knock), opening.over() - knock, route.remaining());
    var _ =
        gate.admit(
            Arrival.at(PATH).on(Runnable::run).atMost(duration(client.budget())),
            outcome -> answered(client, outcome, opening, tally));
  }

  private static void answered(Client client, Admission outcome, Opening opening, Tally tally) {
    if (outcome instanceof Admitted admitted) {
      admitted.opened();
      tally.admitted(seconds(admitted.waited()));
    } else if (outcome instanceof Refused refused) {
      double remains = opening.remains(client.knock());
      double waited = seconds(refused.waited());
      switch (refused.reason()) {
        case TOO_LONG -> tally.tooLong(waited, remains <= client.budget());
        case BUDGET_SPENT, STARTUP_FAILED -> tally.inVain(waited);
        default -> throw new AssertionError(refused);
      }
      tally.told(remains - waited, (double) refused.retryAfterSeconds());
    }
  }

  private List<Client> knocks(double until) {
    List<Client> knocks = new ArrayList<>();
    double at = wait(clients);
    while (at < until) {
      knocks.add(new Client(at, BUDGETS[clients.nextInt(BUDGETS.length)]));
      at += wait(clients);
    }
    return knocks;
  }

  private static double wait(Random random) {
    return -Math.log(1 - random.nextDouble()) / CLIENTS_PER_SECOND;
  }

  private Gate gate(Startup startup) {
    return Gate.before(startup)
        .ticker(time)
        .scheduler(time)
        .random(returns)
        .route(PATH, r -> r.requires(Series.ROUTE.toArray(String[]::new)))
        .estimator(estimator)
        .build();
  }

  private void later(double seconds, Runnable what) {
    var _ = time.schedule(what, duration(seconds));
  }

  private Startup define() {
    StartupBuilder builder = Startup.define().ticker(time).scheduler(time);
    Series.PHASES.forEach((name, after) ->
        builder.phase(
            name,
            p -> {
              p.signalled().after(after.toArray(String[]::new));
              if (name.equals(Series.OPTIONAL)) {
                p.optional();
              }
            }));
    return builder.build();
  }

  private static Map<String, Double> ends(Map<String, Double> seconds) {
    Map<String, Double> ends = new LinkedHashMap<>();
    seconds.forEach((phase, took) -> ends.put(phase, begin(phase, ends) + took));
    return ends;
  }

  private static double end(String phase, Map<String, Double> ends) {
    return ends.getOrDefault(phase, Double.NaN);
  }

  private static double begin(String phase, Map<String, Double> ends) {
    double begin = 0;
    for (String before : Series.PHASES.getOrDefault(phase, List.of())) {
      begin = Math.max(begin, ends.getOrDefault(before, 0.0));
    }
    return begin;
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static Duration duration(double seconds) {
    return Duration.ofNanos((long) (seconds * 1e9));
  }
}
