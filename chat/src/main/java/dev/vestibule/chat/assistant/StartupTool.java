package dev.vestibule.chat.assistant;

import dev.vestibule.PhaseSnapshot;
import dev.vestibule.Startup;
import dev.vestibule.StartupSnapshot;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What this very server's startup did, phase by phase. */
public final class StartupTool implements Tool {

  private final Startup startup;

  /**
   * Reads a startup.
   *
   * @param startup this server's
   */
  public StartupTool(Startup startup) {
    this.startup = startup;
  }

  @Override
  public String name() {
    return "startup_timeline";
  }

  @Override
  public String title() {
    return "Read this server's startup timeline";
  }

  @Override
  public String words() {
    return """
    startup timeline start started starting boot phase phases init dependencies database cache \
    services websocket finalize long took take duration time seconds slow slowest fast ready \
    state server launch waterfall begin began ended attempt failed
    """;
  }

  @Override
  public Result use(Question question) {
    StartupSnapshot now = startup.snapshot();
    List<List<String>> rows = now.phases().stream().map(phase -> row(now, phase)).toList();
    String state = now.state().name().toLowerCase(Locale.ROOT);
    String elapsed = Markdown.seconds(now.elapsed());
    StringBuilder text = new StringBuilder();
    text.append("Startup of this server is **").append(state).append("** ");
    text.append(now.state().isComplete() ? "and took " : "since ").append(elapsed).append(".\n\n");
    text.append(
        Markdown.table(List.of("phase", "state", "after", "began at", "took", "attempts"), rows));
    slowest(now)
        .ifPresent(phase ->
            text.append("\nThe phase that took longest is **")
                .append(Markdown.escape(phase.name()))
                .append("**, with ")
                .append(took(now, phase))
                .append(". Phases that do not need each other run at the same time.\n"));
    return new Result("%s, %s, %d phases".formatted(state, elapsed, rows.size()), text.toString());
  }

  private static List<String> row(StartupSnapshot now, PhaseSnapshot phase) {
    Duration began = phase.startedAt();
    return List.of(
        phase.name() + (phase.optional() ? ", optional" : ""),
        phase.state().name().toLowerCase(Locale.ROOT),
        phase.after().isEmpty() ? "-" : String.join(", ", phase.after()),
        began == null ? "-" : Markdown.seconds(began),
        began == null ? "-" : took(now, phase),
        String.valueOf(phase.attempt()));
  }

  private static String took(StartupSnapshot now, PhaseSnapshot phase) {
    Duration ended = phase.endedAt();
    return ended == null
        ? Markdown.seconds(length(now, phase)) + " so far"
        : Markdown.seconds(length(now, phase));
  }

  private static Duration length(StartupSnapshot now, PhaseSnapshot phase) {
    Duration began = phase.startedAt();
    Duration ended = phase.endedAt();
    return began == null ? Duration.ZERO : (ended == null ? now.elapsed() : ended).minus(began);
  }

  private static Optional<PhaseSnapshot> slowest(StartupSnapshot now) {
    return now.phases().stream().max(Comparator.comparing(phase -> length(now, phase)));
  }
}
