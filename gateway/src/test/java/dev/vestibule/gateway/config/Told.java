package dev.vestibule.gateway.config;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Says something to the gateway, and keeps what comes of it. */
final class Told {

  static final String FILE = "vestibule.yaml";

  private final boolean run;
  private final Map<Key, List<Said>> flags = new EnumMap<>(Key.class);
  private final Map<String, String> environment = new HashMap<>();
  private final Mistakes mistakes = new Mistakes();
  private @Nullable SettingsFile file;
  private int descriptors = Integer.MAX_VALUE;

  private Told(boolean run) {
    this.run = run;
  }

  static Told gateway() {
    return new Told(false);
  }

  static Told run() {
    return new Told(true);
  }

  Told flag(Key key, String... texts) {
    flags.put(key, List.of(texts).stream().map(text -> Said.byFlag(key, text)).toList());
    return this;
  }

  Told file(String text) {
    file = SettingsFile.parse(FILE, text, mistakes);
    return this;
  }

  Told variable(String name, String value) {
    environment.put(name, value);
    return this;
  }

  Told descriptors(int most) {
    descriptors = most;
    return this;
  }

  Configuration configuration() {
    Configuration configuration = read();
    if (configuration == null) {
      throw new AssertionError(String.join("\n", mistakes.all()));
    }
    return configuration;
  }

  GatewaySettings settings() {
    return configuration().gateway();
  }

  List<String> mistakes() {
    Configuration configuration = read();
    if (configuration != null) {
      throw new AssertionError("no mistake (expected: some)");
    }
    return mistakes.all();
  }

  String source(String key) {
    return configuration().effective().settings().stream()
        .filter(it -> it.key().equals(key))
        .map(it -> it.value() + " by " + it.source())
        .findFirst()
        .orElse("nothing");
  }

  @Nullable Configuration read() {
    List<String> command = run ? List.of("server", "--secret=x") : List.of();
    return Configuration.of(
        new Asked(
            run,
            new Section("command line", flags),
            Objects.requireNonNull(command),
            file,
            environment,
            descriptors,
            null),
        mistakes);
  }
}
