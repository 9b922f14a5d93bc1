package dev.vestibule.bench.estimates;

import java.io.PrintWriter;
import java.util.EnumMap;
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

/** {@code ./vestibule estimates}. */
@Command(
    name = "estimates",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Simulates series of startups and counts how often what the history says comes true (docs/estimates.md).",
      "Exits with 0 when every bar is kept, 1 when one is not, 2 when it was called wrongly."
    })
final class EstimatesCommand implements Callable<Integer> {

  /** How many starts come before those that count. */
  static final int FIRST = 50;

  @Option(
      names = "--starts",
      defaultValue = "2000",
      description = "Starts in each series, after the first 50 (default: ${DEFAULT-VALUE}).")
  private int starts;

  @Option(
      names = "--seeds",
      defaultValue = "5",
      description = "Series of each kind, each with its seed (default: ${DEFAULT-VALUE}).")
  private int seeds;

  @Option(
      names = "--first-seed",
      defaultValue = "1",
      description = "The first of the seeds (default: ${DEFAULT-VALUE}).")
  private int firstSeed;

  @Spec private @Nullable CommandSpec spec;

  private final Map<Series, Tally> first = new EnumMap<>(Series.class);
  private final Map<Series, Tally> rest = new EnumMap<>(Series.class);

  private EstimatesCommand() {}

  public static void main(String[] args) {
    java.util.logging.LogManager.getLogManager().reset();
    System.exit(new CommandLine(new EstimatesCommand()).execute(args));
  }

  @Override
  public Integer call() {
    CommandLine command = Objects.requireNonNull(spec, "set by picocli").commandLine();
    if (starts < 1 || seeds < 1) {
      throw new CommandLine.ParameterException(
          command, "--starts: %d, --seeds: %d (expected: >= 1)".formatted(starts, seeds));
    }
    for (Series series : Series.values()) {
      Tally early = new Tally();
      Tally later = new Tally();
      for (int seed = firstSeed; seed < firstSeed + seeds; seed++) {
        Simulation simulation = new Simulation(series, seed);
        simulation.run(0, FIRST, early);
        simulation.run(FIRST, FIRST + starts, later);
      }
      first.put(series, early);
      rest.put(series, later);
    }
    PrintWriter out = command.getOut();
    out.printf("The first %d starts of %d series of each kind%n", FIRST, seeds);
    truth(out, first);
    out.printf("%nThe %d starts after them%n", starts);
    truth(out, rest);
    out.printf("%nThe same clients, at gates that hold everybody for a fixed time%n");
    comparison(out);
    out.println();
    boolean harmless = new LimitsReport(firstSeed, seeds, FIRST + starts).print(out);
    boolean kept = verdict(out, harmless);
    out.flush();
    return kept ? 0 : 1;
  }

  private static void truth(PrintWriter out, Map<Series, Tally> tallies) {
    out.printf(
        "%-11s %8s %9s %9s %9s %9s %10s %9s %8s %6s %6s%n",
        "",
        "clients",
        "covered",
        "unknown",
        "TOO_LONG",
        "wrongly",
        "of TOO_LONG",
        "back",
        "late, s",
        "p95",
        "max");
    tallies.forEach((series, tally) ->
        out.printf(
            Locale.ROOT,
            "%-11s %8.0f %9s %9s %9s %9s %11s %9s %8.2f %6.1f %6.1f%n",
            series.title(),
            tally.clients,
            percent(tally.coveredShare()),
            percent(tally.unknownShare()),
            percent(tally.tooLongShare()),
            percent(tally.wronglyShare()),
            percent(tally.wronglyShareOfRefused()),
            percent(tally.backInTimeShare()),
            tally.meanLate(),
            tally.mostlyLate(),
            tally.mostLate()));
  }

  private void comparison(PrintWriter out) {
    out.printf("%-11s %-12s %9s %13s %16s%n", "", "", "admitted", "waited, s", "in vain, s");
    rest.forEach((series, tally) -> {
      hold(out, series.title(), "2.1 s", tally.brief);
      hold(out, "", "30 s", tally.patient);
      hold(out, "", "estimates", tally.estimated);
    });
  }

  private static void hold(PrintWriter out, String series, String name, Tally.Hold hold) {
    out.printf(
        Locale.ROOT,
        "%-11s %-12s %9s %13.2f %16.2f%n",
        series,
        name,
        percent(hold.admittedShare()),
        hold.meanWait(),
        hold.meanInVain());
  }

  private boolean verdict(PrintWriter out, boolean harmless) {
    boolean kept = harmless;
    out.println();
    for (Map.Entry<Series, Tally> entry : rest.entrySet()) {
      Series series = entry.getKey();
      if (series != Series.RELEASES) {
        Bars bars = Bars.of(series, entry.getValue());
        kept &= bars.areKept();
        out.printf("%s  %s: %s%n", bars.areKept() ? "kept  " : "BROKEN", series.title(), bars);
      }
    }
    out.printf(
        "%s  learned limits: healthy starts failed in each row and column but the last two rows"
            + " (expected: <= 0.1 %%)%n",
        harmless ? "kept  " : "BROKEN");
    return kept;
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }
}
