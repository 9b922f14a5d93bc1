package dev.vestibule.bench.timing;

import dev.vestibule.ReadinessStrategy;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.ObjectMapper;

/** {@code ./vestibule timing}. */
@Command(
    name = "timing",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures how long WebSocket clients wait for a server that starts, by how the server learns that it is ready:"
          + " the old backoff, a fixed interval, a signal, and the same server with no gate.",
      "Exits with 0 when the verdict holds, 1 when it does not, 2 when it was called wrongly."
    })
final class TimingCommand implements Callable<Integer> {

  /** One client a round: a few more rounds cost 0.3 s each. */
  private static final int IN_PHASE_ROUNDS_PER_ROUND = 4;

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "Rounds for each strategy (default: ${DEFAULT-VALUE}; about 20 s each).")
  private int rounds;

  @Option(
      names = "--clients",
      defaultValue = "50",
      description =
          "Clients at once in each round at random (default: ${DEFAULT-VALUE}; at most 5000).")
  private int clients;

  @Option(
      names = "--seed",
      defaultValue = "20261123",
      description =
          "Chooses when startup ends, the same for each strategy (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Keeps every sample, in nanoseconds.")
  private @Nullable Path json;

  @Option(names = "--chart", paramLabel = "FILE", description = "Draws the samples as SVG.")
  private @Nullable Path chart;

  @Spec private @Nullable CommandSpec spec;

  private final List<Experiment.Result> inPhase = new ArrayList<>();
  private final List<Experiment.Result> atRandom = new ArrayList<>();

  private TimingCommand() {}

  public static void main(String[] args) {
    System.setProperty("java.util.logging.config.class", Quiet.class.getName());
    System.exit(new CommandLine(new TimingCommand()).execute(args));
  }

  /** A line for each of thousands of waits would bury the table. */
  public static final class Quiet {
    /** Called by the JDK's logging when it starts. */
    public Quiet() {
      java.util.logging.LogManager.getLogManager().reset();
    }
  }

  @Override
  public Integer call() throws Exception {
    check();
    PrintWriter out = command().getOut();
    String machine = machine();
    out.println("Machine: " + machine);
    try (ClientProcess process = ClientProcess.start()) {
      run(new Experiment(process, this::progress));
    }
    progress("");
    Experiment.Result fixed = named(inPhase, "fixed 100 ms");
    Summary intervals = Summary.of(fixed.pollIntervals());
    Verdict verdict =
        Verdict.of(
            fixed.summary(),
            intervals,
            named(atRandom, "signal").summary(),
            named(atRandom, Experiment.FLOOR).summary());
    report(out, verdict);
    keep(machine);
    return verdict.isKept() ? 0 : 1;
  }

  private void check() {
    List<String> mistakes = new ArrayList<>();
    if (rounds < 1) {
      mistakes.add("--rounds: %d (expected: >= 1)".formatted(rounds));
    }
    if (clients < 1 || clients > 5000) {
      mistakes.add("--clients: %d (expected: 1 to 5000)".formatted(clients));
    }
    for (Path file : files()) {
      Path folder = file.toAbsolutePath().getParent();
      if (folder == null || !Files.isWritable(folder)) {
        mistakes.add("%s (expected: a file in a folder that can be written to)".formatted(file));
      }
    }
    if (!mistakes.isEmpty()) {
      throw new CommandLine.ParameterException(command(), String.join("\n", mistakes));
    }
  }

  private List<Path> files() {
    List<Path> files = new ArrayList<>();
    if (json != null) {
      files.add(json);
    }
    if (chart != null) {
      files.add(chart);
    }
    return files;
  }

  private void run(Experiment experiment) throws Exception {
    experiment.warmUp(clients);
    for (Map.Entry<String, ReadinessStrategy> strategy : Experiment.STRATEGIES.entrySet()) {
      inPhase.add(
          experiment.inPhase(
              strategy.getKey(), strategy.getValue(), rounds * IN_PHASE_ROUNDS_PER_ROUND));
    }
    for (Map.Entry<String, ReadinessStrategy> strategy : Experiment.STRATEGIES.entrySet()) {
      atRandom.add(
          experiment.atRandom(strategy.getKey(), strategy.getValue(), rounds, clients, seed));
    }
    atRandom.add(experiment.floor(rounds, clients, seed));
  }

  private void report(PrintWriter out, Verdict verdict) {
    out.printf("%nIn phase: startup ends 0.3 s after a client arrived. Arrival to 101, ms%n");
    table(out, inPhase);
    out.printf(
        "%nAt random: startup ends 0.3 to 8 s after %d clients arrived. Ready to 101, ms%n",
        clients);
    out.printf("(%s: from asking, connecting included, to 101)%n", Experiment.FLOOR);
    table(out, atRandom);
    out.printf("%nPolls: from one to the next, ms%n");
    out.printf("%-26s %7s %9s %9s %9s%n", "", "polls", "min", "mean", "max");
    intervals(out, "in phase", inPhase);
    intervals(out, "at random", atRandom);
    out.println();
    for (Verdict.Line line : verdict.lines()) {
      out.printf("%s  %s%n", line.kept() ? "kept  " : "BROKEN", line.text());
    }
    out.flush();
  }

  private static void table(PrintWriter out, List<Experiment.Result> results) {
    out.printf(
        "%-14s %7s %9s %9s %9s %9s %9s %9s%n",
        "", "clients", "min", "mean", "p99", "max", "spread", "p99 - p1");
    for (Experiment.Result result : results) {
      Summary row = result.summary();
      out.printf(
          Locale.ROOT,
          "%-14s %7d %9.1f %9.1f %9.1f %9.1f %9.1f %9.1f%n",
          result.name(),
          row.count(),
          row.min(),
          row.mean(),
          row.p99(),
          row.max(),
          row.spread(),
          row.p99MinusP1());
    }
  }

  private static void intervals(PrintWriter out, String setting, List<Experiment.Result> results) {
    for (Experiment.Result result : results) {
      if (!result.pollIntervals().isEmpty()) {
        Summary polls = Summary.of(result.pollIntervals());
        out.printf(
            Locale.ROOT,
            "%-26s %7d %9.1f %9.1f %9.1f%n",
            setting + ", " + result.name(),
            polls.count(),
            polls.min(),
            polls.mean(),
            polls.max());
      }
    }
  }

  private void keep(String machine) throws IOException {
    if (json != null) {
      Map<String, Object> kept = new LinkedHashMap<>();
      kept.put("machine", machine);
      kept.put("rounds", rounds);
      kept.put("clients", clients);
      kept.put("seed", seed);
      kept.put("inPhaseNanos", samples(inPhase));
      kept.put("atRandomNanos", samples(atRandom));
      new ObjectMapper().writeValue(json.toFile(), kept);
    }
    if (chart != null) {
      String caption =
          "%d rounds of %d clients; startup ends at a random moment. %s"
              .formatted(rounds, clients, machine);
      Files.writeString(chart, Chart.draw(atRandom, caption));
    }
  }

  private static Map<String, List<Experiment.Round>> samples(List<Experiment.Result> results) {
    Map<String, List<Experiment.Round>> samples = new LinkedHashMap<>();
    results.forEach(result -> samples.put(result.name(), result.rounds()));
    return samples;
  }

  private static Experiment.Result named(List<Experiment.Result> results, String name) {
    return results.stream().filter(result -> result.name().equals(name)).findFirst().orElseThrow();
  }

  private static String machine() {
    Runtime runtime = Runtime.getRuntime();
    return "%d processors, %s %s, Java %s"
        .formatted(
            runtime.availableProcessors(),
            System.getProperty("os.name"),
            System.getProperty("os.version").replaceAll("[^0-9.].*", ""),
            Runtime.version());
  }

  /** One line that is written over; nothing at all when nobody watches. */
  @SuppressWarnings("SystemConsoleNull") // Null again since JDK 25, where nobody watches.
  private void progress(String what) {
    if (System.console() != null) {
      System.err.print("\r\033[K" + what);
      System.err.flush();
    } else if (!what.isEmpty()) {
      System.err.println(what);
    }
  }

  private CommandLine command() {
    return Objects.requireNonNull(spec, "set by picocli").commandLine();
  }
}
