package dev.vestibule.bench.gateway;

import dev.vestibule.bench.Conversation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./vestibule bench gateway}. */
@Command(
    name = "bench gateway",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures the gateway beside HAProxy, nginx and Caddy, in turn and in one run, and beside no proxy at all."
          + " What of them is not installed is fetched from Debian's packages and unpacked, not installed.",
      "Exits with 0, also when a bar of the design is missed: the table says so. 1: something could not be measured;"
          + " 2: it was called wrongly."
    })
final class GatewayCommand implements Callable<Integer> {

  private static final List<String> FLAGS =
      List.of("-XX:+UseSerialGC", "-Xms256m", "-Xmx256m", "-XX:TieredStopAtLevel=4");

  @Option(names = "--quick", description = "About a minute: few and short rounds.")
  private boolean quick;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "WHAT",
      description = "Of: ready, cpu, handshakes, memory, start (default: all).")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--programs",
      split = ",",
      paramLabel = "NAME",
      description = "Of: gateway, HAProxy, nginx, Caddy (default: all that there are).")
  private List<String> wanted = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Keeps every sample in gateway-bench.json, and draws gateway-bench.svg.")
  private @Nullable Path out;

  @Option(
      names = "--root",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "The repository (default: where it is run).")
  private Path root = Path.of(".");

  @Spec private @Nullable CommandSpec spec;

  private final List<String> notes = new ArrayList<>();

  private GatewayCommand() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new GatewayCommand()).execute(args));
  }

  private static Map<String, Measurement> measurements() {
    Map<String, Measurement> all = new LinkedHashMap<>();
    all.put("ready", new Arrivals());
    all.put("cpu", new Messages());
    all.put("handshakes", new Handshaking());
    all.put("memory", new Memory());
    all.put("start", new Starts());
    return all;
  }

  @Override
  public Integer call() throws Exception {
    CommandLine line = Objects.requireNonNull(spec, "set by picocli").commandLine();
    Map<String, Measurement> measurements = measurements();
    for (String name : only) {
      if (!measurements.containsKey(name)) {
        throw new CommandLine.ParameterException(
            line, "--only: %s (expected: of %s)".formatted(name, measurements.keySet()));
      }
    }
    if (!only.isEmpty()) {
      measurements.keySet().retainAll(only);
    }
    PrintWriter writer = line.getOut();
    Path target = root.toAbsolutePath().normalize().resolve("bench/target");
    List<Program> programs = programs(target);
    String before = Machine.describe();
    writer.println("Machine: " + before);
    programs.forEach(p -> writer.println("  " + p.name() + ": " + p.version()));
    writer.flush();
    List<Figure> figures = measure(measurements, programs, target);
    List<String> names = programs.stream().map(Program::name).toList();
    writer.println();
    writer.print(Report.table(figures, names));
    writer.println();
    notes.forEach(note -> writer.println("- " + note));
    writer.println("- Load average before: " + before.replaceFirst(".*load ", ""));
    writer.println("- Load average after: " + Machine.describe().replaceFirst(".*load ", ""));
    writer.flush();
    keep(figures, programs, before);
    return 0;
  }

  private List<Program> programs(Path target) throws Exception {
    List<Program> programs = new ArrayList<>();
    if (OurGateway.isThere(root)) {
      programs.add(OurGateway.probing(root.toAbsolutePath().normalize()));
    } else {
      notes.add("gateway: not built (expected: gateway/target/vestibule-gateway.jar)");
    }
    Packages packages = new Packages(target.resolve("peers"));
    programs.addAll(packages.find());
    notes.addAll(packages.notes());
    if (!wanted.isEmpty()) {
      programs.removeIf(program -> wanted.stream().noneMatch(program.name()::equalsIgnoreCase));
    }
    return programs;
  }

  private List<Figure> measure(
      Map<String, Measurement> measurements, List<Program> programs, Path target) throws Exception {
    List<Figure> figures = new ArrayList<>();
    try (Conversation load = Conversation.with(FLAGS, Load.class);
        Conversation server = Conversation.with(FLAGS, EchoServer.class)) {
      Setting setting =
          new Setting(
              programs,
              target.resolve("bench-gateway"),
              load,
              server,
              Running.freePort(),
              quick,
              notes,
              GatewayCommand::progress);
      for (Measurement measurement : measurements.values()) {
        figures.addAll(measurement.measure(setting));
      }
    }
    progress("");
    return figures;
  }

  private void keep(List<Figure> figures, List<Program> programs, String machine)
      throws IOException {
    if (out == null) {
      return;
    }
    Files.createDirectories(out);
    Map<String, Object> kept = new LinkedHashMap<>();
    kept.put("machine", machine);
    kept.put("quick", quick);
    Map<String, String> versions = new LinkedHashMap<>();
    programs.forEach(program -> versions.put(program.name(), program.version()));
    kept.put("versions", versions);
    kept.put("notes", notes);
    Map<String, Object> samples = new LinkedHashMap<>();
    for (Figure figure : figures) {
      samples.put(figure.id(), Map.of("title", figure.title(), "samples", figure.samples()));
    }
    kept.put("figures", samples);
    ObjectMapper mapper = JsonMapper.builder().disable(SerializationFeature.INDENT_OUTPUT).build();
    mapper.writeValue(out.resolve("gateway-bench.json").toFile(), kept);
    // What only one has, and what the CPU per message says better, is left to the table.
    List<Figure> drawn =
        figures.stream().filter(f -> f.isComparison() && !f.id().startsWith("rate.")).toList();
    Files.writeString(
        out.resolve("gateway-bench.svg"),
        Bars.draw(drawn, programs.stream().map(Program::name).toList(), machine));
  }

  @SuppressWarnings("SystemConsoleNull") // Null again since JDK 25, where nobody watches.
  private static void progress(String what) {
    if (System.console() != null) {
      System.err.print("\r\033[K" + what);
      System.err.flush();
    } else if (!what.isEmpty()) {
      System.err.println(what);
    }
  }
}
