package dev.vestibule.chat;

import dev.vestibule.ReadinessStrategy;
import dev.vestibule.chat.phases.PhaseNames;
import dev.vestibule.environment.EffectiveSettings;
import dev.vestibule.environment.Environment;
import dev.vestibule.environment.Platform;
import dev.vestibule.environment.Presets;
import dev.vestibule.spring.LogFormat;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What the process was told, or has recognised, about where it runs. Immutable.
 *
 * @param presets what fits the environment and the platform
 * @param strategy how waiters learn that they may enter
 * @param format how the log is written
 * @param chosen all of this with its source, for a person
 */
public record Surroundings(
    Presets presets,
    ReadinessStrategy strategy,
    LogFormat format,
    List<EffectiveSettings.Setting> chosen) {

  /** Where nobody has said anything: production, on a plain machine. */
  public static final Surroundings DEFAULT =
      new Surroundings(
          new Presets(Environment.PRODUCTION, Platform.PLAIN),
          ReadinessStrategy.signal(),
          LogFormat.TEXT,
          List.of());

  /** Copies the list, so that the record is immutable. */
  public Surroundings {
    chosen = List.copyOf(chosen);
  }

  /**
   * The limit that the original had for a phase, as it fits the environment.
   *
   * @param phase cache or services
   * @return more than zero
   */
  Duration limit(String phase) {
    return Objects.requireNonNull(presets.timeout(phase), phase);
  }

  /** What is in force and is not the starter's to know, with its source. */
  EffectiveSettings effective(Settings settings) {
    EffectiveSettings list = new EffectiveSettings("The chat's settings:");
    chosen.stream()
        .filter(it -> it.key().startsWith("readiness."))
        .forEach(it -> list.add(it.key(), it.value(), it.source()));
    list.add("hold-at-most", House.HOLD_AT_MOST, "the chat")
        .add("max-waiting", House.MAX_WAITING, "the chat")
        .add("max-waiting-per-client", House.MAX_WAITING_PER_CLIENT, "the chat");
    String environment = "environment " + presets.environment().key();
    for (String phase : List.of(PhaseNames.CACHE, PhaseNames.SERVICES)) {
      list.add("timeout of " + phase, limit(phase), environment);
    }
    settings.slow().forEach((phase, by) -> list.add("slow " + phase, by, "--slow"));
    list.add("data", settings.data(), "--data, else by default");
    list.add("history.file", settings.historyFile(), "data");
    if (settings.historySeed() != null) {
      list.add("history.seed", settings.historySeed(), "--history-seed");
    }
    return list;
  }
}
