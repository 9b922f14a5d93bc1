package dev.vestibule.chat.assistant;

import dev.vestibule.Gate;
import dev.vestibule.GateSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntSupplier;

/** What this very server's gate has held, let in and refused. */
public final class GateTool implements Tool {

  private final Gate gate;
  private final IntSupplier openSockets;

  /**
   * Reads a gate.
   *
   * @param gate this server's
   * @param openSockets says how many chat sockets are open
   */
  public GateTool(Gate gate, IntSupplier openSockets) {
    this.gate = gate;
    this.openSockets = openSockets;
  }

  @Override
  public String name() {
    return "gate_figures";
  }

  @Override
  public String title() {
    return "Read this server's gate figures";
  }

  @Override
  public String words() {
    return """
    gate figures numbers statistics count many waiting waited wait waiters queue held hold \
    admitted admissions let refused refusals refusal rejected left open sockets connections \
    connected routes route door now current currently live
    """;
  }

  @Override
  public Result use(Question question) {
    GateSnapshot now = gate.snapshot();
    long refused = now.refused().values().stream().mapToLong(Long::longValue).sum();
    List<List<String>> figures = new ArrayList<>();
    figures.add(List.of("waiting now", String.valueOf(now.waiting())));
    figures.add(List.of("let in after asking the gate", String.valueOf(now.admitted())));
    figures.add(List.of("being let in now", String.valueOf(now.inFlight())));
    figures.add(List.of("put back", String.valueOf(now.returned())));
    figures.add(List.of("left before they had an answer", String.valueOf(now.left())));
    figures.add(List.of("refused", String.valueOf(refused)));
    now.refused().entrySet().stream()
        .filter(entry -> entry.getValue() > 0)
        .sorted(java.util.Map.Entry.comparingByKey())
        .forEach(entry ->
            figures.add(List.of("refused as " + entry.getKey(), String.valueOf(entry.getValue()))));
    figures.add(List.of("open chat sockets", String.valueOf(openSockets.getAsInt())));
    List<List<String>> routes =
        now.routes().stream()
            .map(route ->
                List.of(
                    route.pattern(),
                    route.state().name().toLowerCase(Locale.ROOT),
                    route.phase() == null ? "-" : route.phase(),
                    String.valueOf(route.waiting())))
            .toList();
    String text =
        "These are the gate's figures since this server started. Whoever arrives at an open route"
            + " passes without asking, and is not counted.\n\n"
            + Markdown.table(List.of("figure", "value"), figures)
            + "\n"
            + Markdown.table(List.of("route", "state", "waits for", "waiting"), routes);
    return new Result(
        "%d waiting, %d let in, %d refused".formatted(now.waiting(), now.admitted(), refused),
        text);
  }
}
