package dev.vestibule.gateway.config;

import dev.vestibule.environment.EffectiveSettings;
import dev.vestibule.environment.Platform;
import dev.vestibule.environment.Presets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds who said something first: the flags, then the file, then what fits the surroundings. */
final class Lookup {

  static final String DEFAULT = "default";

  // Of which one second is for last answers to reach their clients.
  private static final Duration EXIT = Duration.ofSeconds(2);

  private final Asked asked;
  private final Presets presets;
  private final EffectiveSettings effective;

  final Mistakes mistakes;
  final Reading reading;

  Lookup(Asked asked, Mistakes mistakes) {
    this.asked = asked;
    this.mistakes = mistakes;
    this.reading = new Reading(mistakes);
    this.effective =
        new EffectiveSettings("vestibule " + (asked.run() ? "run" : "gateway") + ", settings:");
    Presets found;
    try {
      found = Presets.of(asked.environment());
    } catch (IllegalArgumentException e) {
      mistakes.add(String.valueOf(e.getMessage()));
      found = Presets.of(Map.of());
    }
    this.presets = found;
  }

  Presets presets() {
    return presets;
  }

  EffectiveSettings effective() {
    return effective;
  }

  /** What the first of these says, else nobody; null then. */
  static @Nullable Said said(Key key, Section... sections) {
    for (Section section : sections) {
      Said said = section.get(key);
      if (said != null) {
        return said;
      }
    }
    return null;
  }

  /** What was said at the top, or null. */
  @Nullable Said said(Key key) {
    return said(key, asked.flags(), top());
  }

  /** What was said at the top, else what holds by default; only for keys that have one. */
  Said value(Key key) {
    Said said = said(key);
    return said == null ? byDefault(key) : said;
  }

  Said byDefault(Key key) {
    String text = key.fallback();
    return text == null
        ? surroundings(key)
        : Said.byDefault(key, Objects.requireNonNull(text), DEFAULT);
  }

  private Section top() {
    SettingsFile file = asked.file();
    return file == null ? Section.empty("") : file.top();
  }

  private Said surroundings(Key key) {
    return switch (key) {
      case LISTEN -> listen();
      case MAX_CONNECTIONS -> connections();
      case DRAIN_DELAY -> byPlatform(key, presets.drainDelay());
      case GRACE -> byPlatform(key, grace());
      default -> throw new IllegalArgumentException("key: " + key + " (expected: with a default)");
    };
  }

  private Said listen() {
    String port = asked.environment().getOrDefault("PORT", "");
    return port.isEmpty()
        ? Said.byDefault(Key.LISTEN, ":8080", DEFAULT)
        : new Said("PORT", ":" + port, "PORT");
  }

  /** A tunnel takes two, and something is needed for the rest. */
  private Said connections() {
    int open = Math.max(1, (asked.descriptors() - 500) / 2);
    int most = Limits.DEFAULTS.maxConnections();
    return open < most
        ? Said.byDefault(
            Key.MAX_CONNECTIONS, String.valueOf(open), "half of what the process may open")
        : Said.byDefault(Key.MAX_CONNECTIONS, String.valueOf(most), DEFAULT);
  }

  /** What the platform allows, less what comes before it and the moment that an exit takes. */
  private Duration grace() {
    return presets.platform() == Platform.PLAIN
        ? presets.grace()
        : presets.grace().minus(presets.drainDelay()).minus(EXIT);
  }

  private Said byPlatform(Key key, Duration value) {
    return Said.byDefault(key, EffectiveSettings.text(value), presets.platform().title());
  }

  // ---- Read, and written down as in force.

  int count(Key key) {
    Said said = value(key);
    return noted(key.key(), reading.count(key, said), said);
  }

  Duration time(Key key) {
    Said said = value(key);
    return noted(key.key(), reading.time(key, said), said);
  }

  <E extends Enum<E>> E choice(Key key, Class<E> type) {
    Said said = value(key);
    E value = reading.choice(key, said, type);
    note(key.key(), said.text(), said.source());
    return value;
  }

  <T> T noted(String name, T value, Said said) {
    note(name, value, said.source());
    return value;
  }

  void note(String name, Object value, String source) {
    effective.add(
        name, value instanceof List<?> list ? String.join(", ", texts(list)) : value, source);
  }

  private static List<String> texts(List<?> values) {
    return values.stream().map(String::valueOf).toList();
  }
}
