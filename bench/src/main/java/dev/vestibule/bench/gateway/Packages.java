package dev.vestibule.bench.gateway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the peers on this machine, or fetches them from Debian's packages, which are unpacked and
 * not installed: installed, each would also start a service.
 */
final class Packages {

  private static final List<String> PLACES = List.of("/usr/sbin", "/usr/bin", "/usr/local/bin");

  private final Path place;
  private final List<String> notes = new ArrayList<>();

  /**
   * @param place where packages are kept and unpacked
   */
  Packages(Path place) {
    this.place = place;
  }

  /** Why a peer is missing. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  List<Program> find() throws IOException, InterruptedException {
    if (Stream.of(Peer.values()).anyMatch(peer -> program(peer) == null)) {
      fetch();
    }
    List<Program> found = new ArrayList<>();
    for (Peer peer : Peer.values()) {
      Path program = program(peer);
      String version = program == null ? null : version(peer, program);
      if (program == null || version == null) {
        notes.add(
            "%s: not found, or does not run (expected: apt-get download %s to work, or %s in /usr)"
                .formatted(peer.binary(), peer.binary(), peer.binary()));
      } else {
        found.add(peer.found(program, version, environment(program)));
      }
    }
    return found;
  }

  private @Nullable Path program(Peer peer) {
    return Stream.concat(
            PLACES.stream().map(Path::of), PLACES.stream().map(dir -> place.resolve("." + dir)))
        .map(dir -> dir.resolve(peer.binary()).normalize())
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }

  /** What is missing is what apt-get would install; what it needs beside libraries is not used. */
  private void fetch() throws IOException, InterruptedException {
    if (!Files.isExecutable(Path.of("/usr/bin/apt-get"))) {
      return;
    }
    Files.createDirectories(place);
    List<String> wanted = missing();
    if (wanted.isEmpty()) {
      run("apt-get", "update", "-q");
      wanted = missing();
    }
    if (wanted.isEmpty()) {
      return;
    }
    System.err.println("Fetching from Debian's packages: " + String.join(", ", wanted));
    List<String> download = new ArrayList<>(List.of("apt-get", "download", "-q"));
    download.addAll(wanted);
    if (run(download.toArray(String[]::new)) == null) {
      run("apt-get", "update", "-q");
      run(download.toArray(String[]::new));
    }
    try (Stream<Path> files = Files.list(place)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".deb")).toList()) {
        run("dpkg-deb", "-x", file.toString(), place.toString());
      }
    }
  }

  private List<String> missing() throws IOException, InterruptedException {
    List<String> ask = new ArrayList<>(List.of("apt-get", "-s", "install"));
    ask.add("--no-install-recommends");
    List<String> peers = Stream.of(Peer.values()).map(Peer::binary).toList();
    ask.addAll(peers);
    String plan = run(ask.toArray(String[]::new));
    return plan == null
        ? List.of()
        : plan.lines()
            .filter(line -> line.startsWith("Inst "))
            .map(line -> line.split(" ", -1)[1])
            .filter(name -> peers.contains(name) || name.startsWith("lib"))
            // Caddy wants these for its own certificates, which nobody asks it for here.
            .filter(name -> !name.startsWith("libnss"))
            .toList();
  }

  private Map<String, String> environment(Path program) throws IOException {
    Map<String, String> environment = new HashMap<>();
    Path libraries = place.resolve("usr/lib");
    if (program.startsWith(place) && Files.isDirectory(libraries)) {
      try (Stream<Path> dirs = Files.list(libraries)) {
        environment.put(
            "LD_LIBRARY_PATH",
            dirs.filter(dir -> dir.toString().endsWith("-linux-gnu"))
                .map(Path::toString)
                .collect(Collectors.joining(":")));
      }
    }
    return environment;
  }

  private @Nullable String version(Peer peer, Path program)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(program.toString(), peer.versionArgument());
    builder.environment().putAll(environment(program));
    String said = output(builder);
    return said == null ? null : said.lines().findFirst().orElse("").strip();
  }

  private @Nullable String run(String... command) throws IOException, InterruptedException {
    return output(new ProcessBuilder(command).directory(place.toFile()));
  }

  /** What it says; null when it fails. */
  private static @Nullable String output(ProcessBuilder builder)
      throws IOException, InterruptedException {
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      return null;
    }
    return process.exitValue() == 0 ? said : null;
  }
}
