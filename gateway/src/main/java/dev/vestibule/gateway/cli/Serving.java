package dev.vestibule.gateway.cli;

import dev.vestibule.Door;
import dev.vestibule.gateway.cli.CommandLineOfGateway.Wanted;
import dev.vestibule.gateway.config.Asked;
import dev.vestibule.gateway.config.Configuration;
import dev.vestibule.gateway.config.Key;
import dev.vestibule.gateway.config.Mistakes;
import dev.vestibule.gateway.config.Said;
import dev.vestibule.gateway.config.SettingsFile;
import dev.vestibule.gateway.tryout.TryOut;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a process does, from its command line to its exit code. */
public final class Serving {

  /** Not an exit code: the gateway runs, and the process goes on. */
  public static final int RUNNING = -1;

  private static final int OK = 0;
  private static final int WRONG = 2;

  /** What can be done before anything is served. */
  sealed interface Read {

    /** Nothing else. */
    record Done(int code) implements Read {}

    /** Show what waiting at the gate is like. */
    record Show() implements Read {}

    /** Serve. */
    record Serve(Configuration configuration, @Nullable Integer inherited, boolean verbose)
        implements Read {}
  }

  private Serving() {}

  /**
   * Does what the command line says.
   *
   * @param args the command line
   * @param door open already, if it could be; closed by whoever called, unless the process goes on
   * @param closed why it could not
   * @return an exit code, or {@link #RUNNING}
   */
  public static int main(String[] args, @Nullable Door door, @Nullable IOException closed) {
    Read read = read(args, System.getenv(), closed, System.out, System.err);
    return switch (read) {
      case Read.Done done -> done.code();
      case Read.Show show -> new TryOut(System.out).run();
      case Read.Serve serve -> Service.begin(serve, door);
    };
  }

  static Read read(
      String[] args,
      Map<String, String> environment,
      @Nullable IOException closed,
      PrintStream out,
      PrintStream err) {
    Mistakes mistakes = new Mistakes();
    return switch (CommandLineOfGateway.read(args, mistakes)) {
      case Wanted.Print print -> {
        out.println(print.text());
        yield new Read.Done(OK);
      }
      case Wanted.Show show -> new Read.Show();
      case Wanted.Nothing nothing -> refused(mistakes, err);
      case Wanted.Settings wanted -> settings(wanted, environment, closed, mistakes, out, err);
    };
  }

  private static Read settings(
      Wanted.Settings wanted,
      Map<String, String> environment,
      @Nullable IOException closed,
      Mistakes mistakes,
      PrintStream out,
      PrintStream err) {
    Said named = wanted.flags().get(Key.CONFIG);
    SettingsFile file = named == null ? null : SettingsFile.read(named, mistakes);
    Integer inherited =
        Inherited.descriptor(
            environment, ProcessHandle.current().pid(), Path.of("/proc/self/fd"), mistakes);
    int descriptors = OpenFiles.most(Path.of("/proc/self/limits"));
    Asked asked =
        new Asked(
            wanted.run(),
            wanted.flags(),
            wanted.command(),
            file,
            environment,
            descriptors,
            inherited);
    Configuration configuration = Configuration.of(asked, mistakes);
    if (closed != null) {
      mistakes.add(String.valueOf(closed.getMessage()));
    }
    if (configuration == null || !mistakes.isEmpty()) {
      return refused(mistakes, err);
    }
    if (wanted.has(Key.CHECK)) {
      out.println(configuration.effective());
      out.println("ok");
      return new Read.Done(OK);
    }
    if (wanted.has(Key.VERBOSE)) {
      err.println(configuration.effective());
    }
    return new Read.Serve(configuration, inherited, wanted.has(Key.VERBOSE));
  }

  private static Read refused(Mistakes mistakes, PrintStream err) {
    StringBuilder message = new StringBuilder("vestibule: cannot start like this:\n");
    mistakes.all().forEach(mistake -> message.append("  ").append(mistake).append('\n'));
    err.println(message.append("See --help."));
    return new Read.Done(WRONG);
  }
}
