package dev.vestibule.chat;

import dev.vestibule.ReadinessStrategy;
import dev.vestibule.environment.EffectiveSettings;
import dev.vestibule.environment.EffectiveSettings.Setting;
import dev.vestibule.environment.Environment;
import dev.vestibule.environment.Platform;
import dev.vestibule.environment.Presets;
import dev.vestibule.spring.LogFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds what was chosen for each setting that the starter has too: by an option, a system property
 * or an environment variable, in this order, or by nobody. A wrong option is named here. A wrong
 * property or variable is left to the starter, which reads the same ones and names all that is
 * wrong with them at once. Used by one thread.
 */
final class Choices {

  /** What options say; null where one was not given. */
  record Said(
      @Nullable String environment,
      @Nullable String strategy,
      @Nullable String interval,
      @Nullable String format) {}

  private record Choice<T>(T value, String source) {}

  private static final String DEFAULT = "default";
  private static final String INTERVAL = "--readiness-interval";
  private static final String ITS_OWN = "the chat has its own";

  /** Beginnings of keys, without what is not a letter, and what there is instead. */
  private static final Map<String, String> FIXED =
      Map.of(
          "holdatmost", ITS_OWN,
          "maxwaiting", ITS_OWN,
          "routes", ITS_OWN,
          "pace", ITS_OWN,
          "backlog", ITS_OWN,
          "history", "the chat keeps it in --data; there is --history-seed");

  private final Options options;
  private final Map<String, String> variables;
  private final Map<String, String> properties;

  /**
   * Begins.
   *
   * @param options told of what is wrong
   * @param variables the environment
   * @param properties the system properties
   */
  Choices(Options options, Map<String, String> variables, Map<String, String> properties) {
    this.options = options;
    this.variables = variables;
    this.properties = properties;
  }

  Surroundings choose(Said said) {
    refuseWhatDoesNotApply();
    Platform platform = Platform.of(variables);
    Choice<Environment> environment =
        choose(
            "--environment",
            said.environment(),
            Environment.KEY,
            Environment::of,
            new Choice<>(Environment.PRODUCTION, DEFAULT),
            "one of " + Environment.choices());
    Presets presets = new Presets(environment.value(), platform);
    List<Setting> chosen = new ArrayList<>();
    chosen.add(new Setting("environment", environment.value().key(), environment.source()));
    ReadinessStrategy strategy = strategy(said, presets, chosen);
    Choice<LogFormat> format = format(said, platform);
    chosen.add(new Setting("logging.format", format.value().key(), format.source()));
    return new Surroundings(presets, strategy, format.value(), chosen);
  }

  private ReadinessStrategy strategy(Said said, Presets presets, List<Setting> chosen) {
    int mistakes = options.mistakes().size();
    Choice<Duration> interval =
        choose(
            INTERVAL,
            said.interval(),
            "vestibule.readiness.interval",
            Choices::interval,
            new Choice<>(presets.waitInterval(), DEFAULT),
            "a duration such as 100ms or 1s, at least 1ms");
    Choice<ReadinessStrategy> strategy =
        choose(
            "--readiness-strategy",
            said.strategy(),
            "vestibule.readiness.strategy",
            name -> strategy(name, interval.value()),
            new Choice<>(ReadinessStrategy.signal(), DEFAULT),
            "one of signal, fixed, progressive");
    chosen.add(new Setting("readiness.strategy", strategy.value().name(), strategy.source()));
    if (strategy.value().name().equals("fixed")) {
      String text = EffectiveSettings.text(interval.value());
      chosen.add(new Setting("readiness.interval", text, interval.source()));
    } else if (said.interval() != null && options.mistakes().size() == mistakes) {
      options.mistake(INTERVAL, said.interval(), "together with --readiness-strategy fixed");
    }
    return strategy.value();
  }

  private Choice<LogFormat> format(Said said, Platform platform) {
    String source = platform == Platform.CLOUD_RUN ? platform.title() : DEFAULT;
    return choose(
        "--log-format",
        said.format(),
        LogFormat.KEY,
        LogFormat::of,
        new Choice<>(LogFormat.of(platform), source),
        "one of text, ecs, cloud");
  }

  /**
   * Settings of the starter that the chat decides itself: who sets one must not think it counts.
   */
  private void refuseWhatDoesNotApply() {
    new TreeMap<>(variables).forEach((name, value) -> refuseIfFixed(name, name, value));
    new TreeMap<>(properties)
        .forEach((key, value) -> refuseIfFixed("system property " + key, key, value));
  }

  private void refuseIfFixed(String source, String name, String value) {
    // However it is spelt: VESTIBULE_HOLD_AT_MOST, vestibule.holdAtMost.
    String letters = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    FIXED.forEach((key, instead) -> {
      if (letters.startsWith("vestibule" + key)) {
        options.mistake(source, value, "nothing, " + instead);
      }
    });
  }

  private <T> Choice<T> choose(
      String option,
      @Nullable String said,
      String key,
      Function<String, T> read,
      Choice<T> otherwise,
      String expected) {
    if (said != null) {
      try {
        return new Choice<>(read.apply(said), option);
      } catch (IllegalArgumentException e) {
        options.mistake(option, said, expected);
        return otherwise;
      }
    }
    String variable = key.toUpperCase(Locale.ROOT).replace('.', '_');
    String property = properties.getOrDefault(key, "");
    String value = property.isBlank() ? variables.getOrDefault(variable, "") : property;
    try {
      return value.isBlank()
          ? otherwise
          : new Choice<>(
              read.apply(value), property.isBlank() ? variable : "system property " + key);
    } catch (IllegalArgumentException e) {
      // The starter reads the same, and names it with all else that is wrong.
      return otherwise;
    }
  }

  private static Duration interval(String value) {
    Duration interval = Options.parse(value);
    // It knows what is too short.
    ReadinessStrategy.fixed(interval);
    return interval;
  }

  private static ReadinessStrategy strategy(String name, Duration interval) {
    return switch (name.strip().toLowerCase(Locale.ROOT)) {
      case "signal" -> ReadinessStrategy.signal();
      case "fixed" -> ReadinessStrategy.fixed(interval);
      case "progressive" -> ReadinessStrategy.progressive();
      default -> throw new IllegalArgumentException(name);
    };
  }
}
