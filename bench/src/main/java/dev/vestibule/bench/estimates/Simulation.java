package dev.vestibule.bench.estimates;

import dev.vestibule.Estimate;
import dev.vestibule.Startup;
import dev.vestibule.StartupBuilder;
import dev.vestibule.StartupSnapshot;
import dev.vestibule.StartupState;
import dev.vestibule.Ticker;
import dev.vestibule.history.History;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One series of startups on a clock that is turned by hand, each a real {@link Startup} whose end
 * the {@link History} keeps, and the clients that knock while they run. Used by one thread.
 */
final class Simulation {

  private static final double CLIENTS_PER_SECOND = 2;
  private static final double[] BUDGETS = {4, 10, 30};
  private static final int LEAST_STARTS = 5;
  private static final Set<String> ROUTE = Set.copyOf(Series.ROUTE);

  /** A client's knock, in seconds since the start of startup. */
  private record Client(double knock, double budget) {}

  /** Something that happens, in seconds since the start of startup. */
  private record Step(double at, Runnable what) {}

  private final Series series;
  private final History history = History.inMemory();
  private final Random durations;
  private final Random clients;
  private final Random returns;
  private long now;

  Simulation(Series series, long seed) {
    this.series = series;
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
    boolean fails = ends.get("services") > limit;
    double open = Math.max(Math.min(ends.get("services"), limit), ends.get("websocket"));
    double over = fails ? limit : ends.get("finalize");

    Ticker ticker = () -> now;
    Startup startup = define(ticker);
    startup.start();
    history.follow(startup);
    long began = now;
    List<Step> steps = new ArrayList<>();
    ends.forEach((phase, end) -> {
      if (phase.equals("services") && fails) {
        steps.add(new Step(limit, () -> startup.signal(phase).failed(new TimeoutException())));
      } else if (end <= over) {
        steps.add(new Step(end, () -> startup.signal(phase).ready()));
      }
    });
    for (Client client : knocks(fails ? limit : open)) {
      steps.add(new Step(client.knock(), () -> knock(client, startup, fails, open, steps, tally)));
    }
    while (!steps.isEmpty()) {
      Step next = steps.get(0);
      for (Step step : steps) {
        next = step.at() < next.at() ? step : next;
      }
      steps.remove(next);
      now = began + (long) (next.at() * 1e9);
      next.what().run();
    }
    if (startup.snapshot().state() == StartupState.RUNNING) {
      throw new AssertionError("not over: " + startup.snapshot());
    }
    now += 1_000_000_000L;
  }

  /** Decides about a client as the gate would, and asks again when its time is up. */
  private void knock(
      Client client, Startup startup, boolean fails, double open, List<Step> steps, Tally tally) {
    double remains = fails ? Double.POSITIVE_INFINITY : open - client.knock();
    Estimate estimate = history.remaining(startup.snapshot(), ROUTE);
    tally.knocked(client.budget(), remains, estimate);
    boolean tooLong =
        estimate != null
            && estimate.starts() >= LEAST_STARTS
            && estimate.p10().compareTo(duration(client.budget())) > 0;
    tally.decided(client.budget(), remains, tooLong);
    if (tooLong) {
      tally.told(remains, retryAfter(estimate));
    } else if (remains > client.budget()) {
      double spent = client.knock() + client.budget();
      steps.add(
          new Step(
              spent,
              () -> {
                StartupSnapshot then = startup.snapshot();
                if (then.state() == StartupState.RUNNING) {
                  tally.told(remains - client.budget(), retryAfter(history.remaining(then, ROUTE)));
                }
              }));
    }
  }

  /** The header's whole seconds. */
  private double retryAfter(@Nullable Estimate estimate) {
    if (estimate == null) {
      return Math.ceil(1 + 4 * returns.nextDouble());
    }
    double jittered = estimate.p95().toNanos() / 1e9 * (1 + 0.2 * returns.nextDouble());
    return Math.max(1, Math.ceil(jittered));
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

  private static Startup define(Ticker ticker) {
    StartupBuilder builder =
        Startup.define()
            .ticker(ticker)
            .scheduler((task, delay) -> {
              throw new AssertionError("nothing is scheduled");
            });
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

  private static double begin(String phase, Map<String, Double> ends) {
    double begin = 0;
    for (String before : Series.PHASES.getOrDefault(phase, List.of())) {
      begin = Math.max(begin, ends.getOrDefault(before, 0.0));
    }
    return begin;
  }

  private static Duration duration(double seconds) {
    return Duration.ofNanos((long) (seconds * 1e9));
  }
}
