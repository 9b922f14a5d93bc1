package dev.vestibule.bench.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Our own gateway: the distribution where {@code ./vestibule dist} has made one, else the jars of
 * the build with the flags that the distribution ships.
 */
record OurGateway(String name, Path root, List<String> more) implements Program {

  static final String NAME = "gateway";

  /** One that probes the server behind by connecting to it. */
  static OurGateway probing(Path root) {
    return new OurGateway(NAME, root, List.of("--ready", "tcp"));
  }

  /** The same, told something else. */
  OurGateway told(String... arguments) {
    return new OurGateway(name, root, List.of(arguments));
  }

  /** Whether it was built. */
  static boolean isThere(Path root) {
    return Files.isDirectory(root.resolve("gateway/target/classes/dev/vestibule/gateway/http"))
        && Files.exists(root.resolve("gateway/target/vestibule-gateway.jar"));
  }

  @Override
  public String version() {
    return shipped().isEmpty()
        ? "the jars as built, on Java " + Runtime.version()
        : "the distribution, " + shipped().get(0);
  }

  @Override
  public boolean holds() {
    return true;
  }

  @Override
  public Launch launch(Path place, int port, int upstream) throws IOException {
    List<String> words = new ArrayList<>(shipped().isEmpty() ? built() : shipped());
    words.add("gateway");
    words.addAll(List.of("--listen", "127.0.0.1:" + port));
    words.addAll(List.of("--upstream", "127.0.0.1:" + upstream));
    words.addAll(more);
    return new Launch(words, Map.of());
  }

  /** The launcher of the distribution, unpacked; empty when there is none. */
  private List<String> shipped() {
    Path made = root.resolve("gateway/target/dist");
    if (!Files.isDirectory(made)) {
      return List.of();
    }
    try (Stream<Path> inside = Files.list(made)) {
      return inside
          .map(directory -> directory.resolve("bin/vestibule"))
          .filter(Files::isExecutable)
          .map(Path::toString)
          .limit(1)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> built() throws IOException {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    Path flags = root.resolve("gateway/src/main/dist/jvm.options");
    if (Files.exists(flags)) {
      try (Stream<String> lines = Files.lines(flags)) {
        lines.map(String::strip).filter(l -> l.startsWith("-")).forEach(words::add);
      }
    }
    words.add("-cp");
    words.add(
        root.resolve("gateway/target/vestibule-gateway.jar")
            + ":"
            + root.resolve("gateway/target/lib")
            + "/*");
    words.add("dev.vestibule.gateway.GatewayMain");
    return words;
  }
}
