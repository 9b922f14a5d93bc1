package dev.vestibule.bench.crowd;

import dev.vestibule.bench.Conversation;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.logging.LogManager;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./vestibule crowd}. */
@Command(
    name = "crowd",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures how long the last of many clients waits for its 101: from ready, behind a gate; and from the first"
          + " request, when as many ask the same server with no gate. Both in turn, round by round.",
      "Exits with 0 when the median ratio is at most 1.2, 1 when it is more, 2 when it was called wrongly."
    })
final class CrowdCommand implements Callable<Integer> {

  private static final double BAR = 1.2;

  // The descriptors of one process are 20,000 on many machines.
  private static final int MOST_CLIENTS = 19_000;

  @Option(
      names = "--clients",
      defaultValue = "10000",
      description = "How many wait (default: ${DEFAULT-VALUE}; at most 19000).")
  private int clients;

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "Pairs that count, after one that does not (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--cold",
      description =
          "Each measurement meets a server that has just started, as those who wait do: a process of its own.")
  private boolean cold;

  @Spec private @Nullable CommandSpec spec;

  private CrowdCommand() {}

  public static void main(String[] args) {
    // A line for each of thousands of waits is not what is measured.
    LogManager.getLogManager().reset();
    System.exit(new CommandLine(new CrowdCommand()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    CommandLine line = Objects.requireNonNull(spec).commandLine();
    if (clients < 1 || clients > MOST_CLIENTS || rounds < 1) {
      throw new CommandLine.ParameterException(
          line,
          "--clients: %d, --rounds: %d (expected: 1 to %d, >= 1)"
              .formatted(clients, rounds, MOST_CLIENTS));
    }
    PrintWriter out = line.getOut();
    out.printf(
        "%d clients, %d processors, %s%n",
        clients,
        Runtime.getRuntime().availableProcessors(),
        cold ? "each server just started" : "one server process, warmed up");
    out.println("round   ready -> last 101   no gate: first asked -> last 101   ratio");
    List<Double> ratios = new ArrayList<>();
    try (Conversation crowd = Conversation.with(CrowdClients.class)) {
      for (int round = 0; round <= rounds; round++) {
        double gated = millis(crowd, true);
        double bare = millis(crowd, false);
        out.printf(
            Locale.ROOT,
            "%5s %16.0f ms %29.0f ms %12.2f%n",
            round == 0 ? "warm" : round,
            gated,
            bare,
            gated / bare);
        out.flush();
        if (round > 0) {
          ratios.add(gated / bare);
        }
      }
    }
    ratios.sort(null);
    double median = ratios.get(ratios.size() / 2);
    out.printf(
        Locale.ROOT,
        "ratio: median %.2f, min %.2f, max %.2f (expected: median <= %.1f)%n",
        median,
        ratios.get(0),
        ratios.get(ratios.size() - 1),
        BAR);
    return median <= BAR ? 0 : 1;
  }

  private double millis(Conversation crowd, boolean gated) throws Exception {
    try (Crowded server =
        cold ? ColdServer.start(gated, clients) : new CrowdServer(gated, clients)) {
      crowd.ask("connect " + server.port() + " " + clients);
      server.awaitConnections(clients);
      long began = Long.parseLong(crowd.ask("ask")[1]);
      if (gated) {
        server.awaitWaiting(clients);
        began = server.open();
      }
      String[] answered = crowd.ask("await");
      if (Integer.parseInt(answered[2]) != clients) {
        throw new IOException(answered[2] + " were let in (expected: " + clients + ")");
      }
      crowd.ask("leave");
      return (Long.parseLong(answered[1]) - began) / 1e6;
    }
  }
}
