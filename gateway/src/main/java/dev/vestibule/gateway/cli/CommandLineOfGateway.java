package dev.vestibule.gateway.cli;

import dev.vestibule.gateway.config.Form;
import dev.vestibule.gateway.config.Key;
import dev.vestibule.gateway.config.Mistakes;
import dev.vestibule.gateway.config.Place;
import dev.vestibule.gateway.config.Said;
import dev.vestibule.gateway.config.Section;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The command line. Options come from {@link Key}, where the keys of a file, the defaults and the
 * documentation come from too.
 */
final class CommandLineOfGateway {

  private static final String VERSION = "vestibule 0.1.0";
  private static final int WIDTH = 110;

  /** What is to be done. */
  sealed interface Wanted {

    /** Print something, and exit with 0. */
    record Print(String text) implements Wanted {}

    /** Show what waiting at the gate is like. */
    record Show() implements Wanted {}

    /** Nothing that is known; why is among the mistakes. */
    record Nothing() implements Wanted {}

    /** Read settings; serve, unless they are only to be checked. */
    record Settings(boolean run, Section flags, List<String> command) implements Wanted {

      boolean has(Key key) {
        return flags.values().containsKey(key);
      }
    }
  }

  private CommandLineOfGateway() {}

  static Wanted read(String[] args, Mistakes mistakes) {
    // Everything behind the first -- is another program's, whatever it looks like.
    int end = Arrays.asList(args).indexOf("--");
    String[] own = end < 0 ? args : Arrays.copyOf(args, end);
    List<String> command =
        end < 0 ? List.of() : List.of(Arrays.copyOfRange(args, end + 1, args.length));
    CommandLine line = line();
    ParseResult top = line.parseArgs(own);
    ParseResult last = top.hasSubcommand() ? top.subcommand() : top;
    if (last.isUsageHelpRequested()) {
      return new Wanted.Print(usage(last.commandSpec().commandLine()));
    }
    if (last.isVersionHelpRequested()) {
      return new Wanted.Print(VERSION);
    }
    String name = last.commandSpec().name();
    boolean run = name.equals("run");
    String before = run ? ", or -- before the program" : "";
    for (ParseResult at = top; at != null; at = at.subcommand()) {
      at.unmatched().forEach(arg -> mistakes.add(arg, "unknown", "see --help" + before));
      at.errors().forEach(error -> mistakes.add(String.valueOf(error.getMessage())));
    }
    if (!top.hasSubcommand()) {
      mistakes.add("COMMAND", "nothing", "run, gateway or try");
      return new Wanted.Nothing();
    }
    if (name.equals("try")) {
      return mistakes.isEmpty() ? new Wanted.Show() : new Wanted.Nothing();
    }
    if (!run && end >= 0) {
      mistakes.add("--", String.join(" ", command), "nothing: gateway starts no server, run does");
    }
    return new Wanted.Settings(run, flags(last), command);
  }

  private static Section flags(ParseResult parsed) {
    Map<Key, List<Said>> values = new EnumMap<>(Key.class);
    for (OptionSpec option : parsed.matchedOptions()) {
      if (option.userObject() instanceof Key key) {
        List<Said> said = new ArrayList<>();
        option.stringValues().forEach(text -> said.add(Said.byFlag(key, text)));
        values.put(key, said);
      }
    }
    return new Section("command line", values);
  }

  private static String usage(CommandLine line) {
    return line.getUsageMessage(CommandLine.Help.Ansi.OFF).stripTrailing();
  }

  /** Also for help and documentation. */
  static CommandLine line() {
    CommandSpec vestibule =
        spec(
            "vestibule",
            "Holds WebSocket clients and requests while the server behind starts or restarts, then"
                + " carries their bytes.");
    vestibule
        .addSubcommand(
            "run",
            command(
                true,
                "Starts a server, which is given PORT and HOST, and stands in front of it. Clients"
                    + " that come before it is ready wait. Exits with its code."))
        .addSubcommand(
            "gateway", command(false, "Stands in front of servers that somebody else starts."));
    vestibule.addSubcommand(
        "try",
        spec(
            "try",
            "Shows it on this machine: clients that come while a server starts, first without a"
                + " gateway, then with one. About 20 s."));
    CommandLine line = new CommandLine(vestibule);
    line.setUnmatchedArgumentsAllowed(true);
    line.getCommandSpec().parser().collectErrors(true);
    line.getSubcommands()
        .values()
        .forEach(subcommand -> subcommand.getCommandSpec().parser().collectErrors(true));
    return line;
  }

  private static CommandSpec command(boolean run, String about) {
    CommandSpec spec = spec(run ? "run" : "gateway", about);
    spec.usageMessage()
        .customSynopsis(
            "vestibule " + (run ? "run [OPTION...] -- COMMAND..." : "gateway [OPTION...]"));
    for (Key key : Key.values()) {
      boolean others = run ? key == Key.UPSTREAM : key.place() == Place.CHILD;
      if (key.isFlag() && !others) {
        spec.addOption(option(key));
      }
    }
    return spec;
  }

  private static CommandSpec spec(String name, String about) {
    CommandSpec spec = CommandSpec.create().name(name);
    spec.usageMessage()
        .description(about)
        .width(WIDTH)
        .sortOptions(false)
        .commandListHeading("%nCommands:%n")
        .optionListHeading("%nOptions:%n")
        .abbreviateSynopsis(true);
    spec.addOption(
        OptionSpec.builder("-h", "--help").usageHelp(true).description("this text").build());
    spec.addOption(
        OptionSpec.builder("-V", "--version").versionHelp(true).description("the version").build());
    return spec;
  }

  private static OptionSpec option(Key key) {
    OptionSpec.Builder option = OptionSpec.builder(key.flag()).userObject(key);
    // A percent sign would be a format's.
    String about = key.about().replace("%", "%%");
    if (key.form() instanceof Form.Flag) {
      return option.arity("0").type(boolean.class).description(about).build();
    }
    option
        .arity("1")
        .paramLabel(key.label())
        .description(about + " (default: " + key.otherwise().replace("`", "") + ")");
    return key == Key.ORIGIN
        ? option.type(List.class).auxiliaryTypes(String.class).build()
        : option.type(String.class).build();
  }
}
