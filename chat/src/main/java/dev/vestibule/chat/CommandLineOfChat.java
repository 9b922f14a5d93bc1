package dev.vestibule.chat;

import dev.vestibule.Door;
import dev.vestibule.chat.signin.Users;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command line: what may be said on it, and one message that names all that is wrong. */
@Command(
    name = "vestibule chat",
    description = "Serves the chat. The port is open at once; who comes before it is ready waits.",
    mixinStandardHelpOptions = true,
    version = "vestibule chat 0.1.0",
    sortOptions = false,
    subcommands = CommandLineOfChat.UserCommand.class)
final class CommandLineOfChat {

  /** Not an exit code: the server runs, and the process goes on. */
  static final int RUNNING = -1;

  private static final int WRONG = CommandLine.ExitCode.USAGE;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8080",
      description = "where to listen; 0 takes any free port (default: ${DEFAULT-VALUE})")
  private String port = "8080";

  @Option(
      names = "--address",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "where to listen (default: ${DEFAULT-VALUE}); elsewhere, name the page's --origin too")
  private String address = "127.0.0.1";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      scope = CommandLine.ScopeType.INHERIT,
      description =
          "where everything is kept (default: $XDG_DATA_HOME/vestibule, else"
              + " ~/.local/share/vestibule)")
  private @Nullable String data;

  @Option(
      names = "--slow",
      paramLabel = "PHASE=DURATION",
      description =
          "stretch a phase's work, such as services=3s, to watch people wait, at most until a line"
              + " comes in on an input that is no terminal; repeatable")
  private List<String> slow = new ArrayList<>();

  @Option(
      names = "--origin",
      paramLabel = "URL",
      description = "a further origin that the page is served from; repeatable")
  private List<String> origins = new ArrayList<>();

  @Option(
      names = "--admin-port",
      paramLabel = "N",
      description =
          "where this machine alone may see who waits and why phases failed, and Prometheus read"
              + " /metrics; 0 takes any free port (default: off)")
  private @Nullable String adminPort;

  @Option(
      names = "--environment",
      paramLabel = "NAME",
      description =
          "what it is run for: production, staging, development, test or local (default:"
              + " $VESTIBULE_ENVIRONMENT, else production)")
  private @Nullable String environment;

  @Option(
      names = "--readiness-strategy",
      paramLabel = "NAME",
      description =
          "how waiters learn that they may enter: signal, fixed or progressive (default:"
              + " $VESTIBULE_READINESS_STRATEGY, else signal)")
  private @Nullable String strategy;

  @Option(
      names = "--readiness-interval",
      paramLabel = "DURATION",
      description =
          "between two questions of the strategy fixed (default: $VESTIBULE_READINESS_INTERVAL,"
              + " else 100ms)")
  private @Nullable String interval;

  @Option(
      names = "--log-format",
      paramLabel = "NAME",
      description =
          "text, ecs or cloud (default: $VESTIBULE_LOGGING_FORMAT, else cloud on Cloud Run, text"
              + " elsewhere)")
  private @Nullable String format;

  @Option(
      names = "--history-seed",
      paramLabel = "FILE",
      description =
          "the history file of another data directory: what starts took there is what they are"
              + " expected to take here, until five are known")
  private @Nullable String historySeed;

  @Mixin private final ModelOptions model = new ModelOptions();

  private CommandLineOfChat() {}

  /** Adds a user. */
  @Command(
      name = "user",
      description = "Adds people who sign in with name and password.",
      subcommands = AddCommand.class,
      mixinStandardHelpOptions = true)
  static final class UserCommand {}

  /** Adds a user, by name. */
  @Command(
      name = "add",
      description =
          "Adds a user. The password is asked for on a terminal, else read as one line of input.",
      mixinStandardHelpOptions = true)
  static final class AddCommand {
    @Parameters(paramLabel = "NAME", description = "1 to 64 letters, digits, dots, hyphens, _")
    private @Nullable String name;
  }

  static int execute(String[] args, @Nullable Door door, @Nullable IOException closed) {
    CommandLineOfChat chat = new CommandLineOfChat();
    CommandLine line = new CommandLine(chat);
    line.getCommandSpec().parser().collectErrors(true);
    line.getSubcommands().values().forEach(CommandLineOfChat::collectErrors);
    CommandLine.ParseResult parsed = line.parseArgs(args);
    CommandLine.ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    if (last.isUsageHelpRequested()) {
      last.commandSpec().commandLine().usage(System.out);
      return CommandLine.ExitCode.OK;
    }
    if (last.isVersionHelpRequested()) {
      line.printVersionHelp(System.out);
      return CommandLine.ExitCode.OK;
    }
    List<String> mistakes = new ArrayList<>();
    for (CommandLine.ParseResult at = parsed; at != null; at = at.subcommand()) {
      at.errors().forEach(error -> mistakes.add(String.valueOf(error.getMessage())));
    }
    return switch (last.commandSpec().userObject()) {
      case AddCommand add -> chat.add(add.name, mistakes);
      case UserCommand user -> {
        mistakes.add("user: nothing (expected: add NAME)");
        yield refuse(mistakes);
      }
      default -> chat.serve(door, closed, mistakes);
    };
  }

  private static void collectErrors(CommandLine line) {
    line.getCommandSpec().parser().collectErrors(true);
    line.getSubcommands().values().forEach(CommandLineOfChat::collectErrors);
  }

  private int serve(@Nullable Door door, @Nullable IOException closed, List<String> mistakes) {
    Options options = new Options();
    Choices choices = new Choices(options, System.getenv(), properties());
    Settings settings =
        new Settings(
            options.port("--port", port),
            options.address(address),
            options.data(data, System.getenv()),
            options.slow(slow),
            options.origins(origins),
            choices.choose(new Choices.Said(environment, strategy, interval, format)),
            options.historySeed(historySeed),
            model.read(options, System.getenv()),
            adminPort == null ? null : options.port("--admin-port", adminPort));
    mistakes.addAll(options.mistakes());
    if (closed != null) {
      mistakes.add("--port: %s (%s)".formatted(port, closed.getMessage()));
    }
    if (!mistakes.isEmpty() || door == null) {
      return refuse(mistakes);
    }
    Serving.serve(settings, door);
    return RUNNING;
  }

  private static Map<String, String> properties() {
    Map<String, String> properties = new HashMap<>();
    for (String key : System.getProperties().stringPropertyNames()) {
      properties.put(key, System.getProperty(key, ""));
    }
    return properties;
  }

  private int add(@Nullable String name, List<String> mistakes) {
    Options options = new Options();
    var directory = options.data(data, System.getenv());
    mistakes.addAll(options.mistakes());
    if (name != null && !Users.isName(name)) {
      mistakes.add(
          "NAME: %s (expected: 1 to 64 letters, digits, dots, hyphens and underscores)"
              .formatted(name));
    }
    if (!mistakes.isEmpty() || name == null) {
      return refuse(mistakes);
    }
    return AddUser.run(
        name, directory, System.in, new PrintWriter(System.err, true, StandardCharsets.UTF_8));
  }

  private static int refuse(List<String> mistakes) {
    StringBuilder message = new StringBuilder("vestibule chat: cannot start like this:\n");
    mistakes.forEach(mistake -> message.append("  ").append(mistake.strip()).append('\n'));
    message.append("See --help.");
    System.err.println(message);
    return WRONG;
  }
}
