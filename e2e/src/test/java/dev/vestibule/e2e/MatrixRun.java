package dev.vestibule.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** One run of every client against every situation, and what came out of it. */
final class MatrixRun {

  /**
   * What one client sees in one situation, and does then; measured: what differs from run to run.
   */
  record Cell(String sees, String then, String measured) {}

  /** As libraries write it: localhost/127.0.0.1:80, ws://127.0.0.1:80, ('127.0.0.1', 80). */
  private static final Pattern HOST =
      Pattern.compile("(?:(?<!/)[\\w.-]*/)?'?127\\.0\\.0\\.1(?:', |:)\\d+");

  /** Where no server of ours answers once clients have been sent away. */
  private static final Set<String> EMPTY = Set.of("nobody", "killed-held", "killed");

  // Longer than any client here waits before it comes back the first time, and, where it is told
  // one second, than Tyrus takes to give up.
  private static final int SECONDS_AFTER_A_REFUSAL = 12;
  private static final int SECONDS_WITHOUT_A_SERVER = 8;

  /** All of what the server and the clients said. */
  private final List<String> lines = new ArrayList<>();

  private final Map<String, Integer> ports = new LinkedHashMap<>();

  private MatrixRun() {}

  static MatrixRun of(Set<String> houses, Set<String> clients)
      throws IOException, InterruptedException {
    MatrixRun run = new MatrixRun();
    List<String> names = new ArrayList<>(List.of("warm"));
    names.addAll(houses);
    names.removeAll(List.of("nobody", "killed-held"));
    // Bound, but nobody listens.
    try (RunningProcess server = java(MatrixServer.class, names);
        RunningProcess killed = java(MatrixServer.class, List.of("killed-held"));
        Socket nobody = new Socket()) {
      nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      run.ports.put("nobody", nobody.getLocalPort());
      server.await("^ready$");
      killed.await("^ready$");
      run.findHouses(server);
      run.findHouses(killed);
      run.callAt(server, killed, nobody, clients);
    }
    return run;
  }

  private void findHouses(RunningProcess server) {
    for (String line : server.output().lines().toList()) {
      String[] parts = line.split("\\|", -1);
      if (parts[0].equals("house")) {
        ports.put(parts[1], Integer.parseInt(parts[2]));
      }
    }
  }

  private void callAt(
      RunningProcess server, RunningProcess killed, Socket nobody, Set<String> clients)
      throws IOException, InterruptedException {
    List<String> houses =
        ports.entrySet().stream().map(it -> it.getKey() + "=" + it.getValue()).toList();
    try (RunningProcess jvm = java(MatrixCallers.class, houses);
        RunningProcess node =
            process(houses, "node", "src/test/node/matrix-clients.mjs", origin());
        RunningProcess python = process(houses, python(), "src/test/python/matrix-clients.py")) {
      List<RunningProcess> callers = List.of(jvm, node, python);
      for (RunningProcess caller : callers) {
        caller.await("^ready$");
      }
      callers.forEach(caller -> caller.say("go"));
      int count = clients.size();
      ask(killed, "knocked killed-held " + count);
      kill(killed);
      Future<List<String>> afterTheKill = comebacks("killed-held");
      for (RunningProcess caller : callers) {
        awaitRefused(caller);
      }
      nobody.close();
      Future<List<String>> afterNobody = comebacks("nobody");
      ask(server, "open held " + count);
      ask(server, "drain drained " + count);
      ask(server, "answered " + count);
      ask(server, "observe " + SECONDS_AFTER_A_REFUSAL);
      for (RunningProcess caller : callers) {
        add(caller, line -> !line.contains("|killed|"));
      }
      kill(server);
      lines.addAll(afterTheKill.resultNow());
      lines.addAll(afterNobody.resultNow());
      lines.addAll(comebacks("killed").get());
      for (RunningProcess caller : callers) {
        add(caller, line -> line.contains("|killed|"));
      }
    } catch (ExecutionException e) {
      throw new IOException(e);
    }
  }

  /** Once all that tell of it have found nobody; one comes back without a word. */
  private static void awaitRefused(RunningProcess caller) throws InterruptedException {
    for (String line : caller.output().lines().toList()) {
      String[] parts = line.split("\\|", -1);
      if (parts[0].equals("version") && !parts[1].equals("python-loop")) {
        caller.await("^end\\|" + parts[1] + "\\|nobody\\|");
      }
    }
  }

  private void kill(RunningProcess server) throws InterruptedException {
    server.kill();
    server.exitCode();
    add(server, line -> true);
  }

  private Future<List<String>> comebacks(String house) {
    FutureTask<List<String>> watch =
        new FutureTask<>(() ->
            Comebacks.at(
                ports.getOrDefault(house, 0), house, Duration.ofSeconds(SECONDS_WITHOUT_A_SERVER)));
    Thread.ofVirtual().start(watch);
    return watch;
  }

  private void add(RunningProcess process, Predicate<String> which) {
    process.output().lines().filter(which).forEach(lines::add);
  }

  private static void ask(RunningProcess server, String command) throws InterruptedException {
    server.say(command);
    server.await("^done\\|" + command + "$");
  }

  private String origin() {
    return "http://127.0.0.1:" + ports.get("warm");
  }

  private static String python() {
    return System.getenv().getOrDefault("PYTHON", "/usr/bin/python3");
  }

  private static RunningProcess java(Class<?> main, List<String> arguments) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return process(
        arguments,
        java,
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Djava.util.logging.config.file=src/test/resources/quiet.properties",
        "-cp",
        System.getProperty("java.class.path"),
        main.getName());
  }

  private static RunningProcess process(List<String> arguments, String... command)
      throws IOException {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(arguments);
    return new RunningProcess(new ProcessBuilder(all));
  }

  /** A client's version, as it says itself. */
  String version(String client) {
    return first("version|" + client + "|").replaceAll(".*\\|", "");
  }

  /** How often a client came back to a house by itself. */
  long comebacks(String house, String client) {
    String knock = "knock|" + house + "|" + client + "|";
    String first = knock + "1|";
    return lines.stream().filter(line -> line.startsWith(knock) && !line.startsWith(first)).count();
  }

  Cell cell(String house, String client) {
    int seconds = EMPTY.contains(house) ? SECONDS_WITHOUT_A_SERVER : SECONDS_AFTER_A_REFUSAL;
    String second = first("knock|" + house + "|" + client + "|2|");
    if (second.isEmpty()) {
      return new Cell(sees(house, client), "nothing in " + seconds + " s", "");
    }
    double after = Integer.parseInt(second.replaceAll(".*\\|", "")) / 1000.0;
    String told = first("answer|" + house + "|" + client + "|").replaceAll(".*\\|", "");
    long times = comebacks(house, client);
    String measured =
        String.format(
            Locale.ROOT,
            " (after %.1f s%s; %d× in %d s)",
            after,
            told.isEmpty() ? "" : ", told " + told + " s",
            times,
            seconds);
    return new Cell(sees(house, client), "comes back by itself", measured);
  }

  /** What a program is told up to the end of the first attempt. */
  private String sees(String house, String client) {
    List<String> seen = new ArrayList<>();
    for (String line : lines) {
      String[] parts = line.split("\\|", 4);
      if (parts.length == 4 && parts[1].equals(client) && parts[2].equals(house)) {
        if (!parts[3].isEmpty()) {
          seen.add(HOST.matcher(parts[3]).replaceAll("HOST"));
        }
        if (parts[0].equals("end")) {
          break;
        }
      }
    }
    return seen.isEmpty() ? "nothing" : String.join("; ", seen);
  }

  private String first(String beginning) {
    return lines.stream().filter(line -> line.startsWith(beginning)).findFirst().orElse("");
  }

  /** For whoever must find out what went wrong. */
  String everything() {
    return String.join("\n", lines);
  }
}
