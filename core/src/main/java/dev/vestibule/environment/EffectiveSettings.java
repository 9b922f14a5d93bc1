package dev.vestibule.environment;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Every setting with the value that it has and where that comes from, to be printed once when a
 * process starts. Secrets are never kept here: a key that ends in password, passphrase, secret,
 * token, credential(s) or key, and the password within a URL, are masked as they are added. Not
 * safe for use by many threads.
 */
public final class EffectiveSettings {

  /** What stands in place of a secret. */
  public static final String MASK = "******";

  private static final Pattern SECRET =
      Pattern.compile("(?i).*(password|passphrase|secret|token|credentials?|key)");
  private static final Pattern IN_URL = Pattern.compile("(?<=://)([^/@\\s:]*):[^/@\\s]*@");

  /**
   * One setting.
   *
   * @param key its name
   * @param value what it is; masked if it is a secret
   * @param source where that comes from: {@code default}, what the default depends on, or where
   *     somebody wrote it
   */
  public record Setting(String key, String value, String source) {}

  private final String title;
  private final List<Setting> settings = new ArrayList<>();

  /**
   * Begins a list.
   *
   * @param title its first line
   */
  public EffectiveSettings(String title) {
    this.title = title;
  }

  /**
   * Adds a setting at the end.
   *
   * @param key its name
   * @param value a duration is written as configuration has it, {@code 30s} or {@code 100ms}
   * @param source where the value comes from
   * @return this
   */
  public EffectiveSettings add(String key, Object value, String source) {
    String text = value instanceof Duration duration ? text(duration) : String.valueOf(value);
    settings.add(new Setting(key, masked(key, text), source));
    return this;
  }

  /**
   * What was added.
   *
   * @return a copy, in order
   */
  public List<Setting> settings() {
    return List.copyOf(settings);
  }

  /**
   * The title, then one line for each setting, in columns.
   *
   * @return several lines without a line break at the end
   */
  @Override
  public String toString() {
    int keys = settings.stream().mapToInt(it -> it.key().length()).max().orElse(0);
    int values = settings.stream().mapToInt(it -> it.value().length()).max().orElse(0);
    // One long value must not push every source out of sight.
    int width = Math.min(values, 24);
    StringBuilder block = new StringBuilder(title);
    for (Setting it : settings) {
      String line = "\n  %-" + Math.max(1, keys) + "s  %-" + Math.max(1, width) + "s  %s";
      block.append(String.format(Locale.ROOT, line, it.key(), it.value(), it.source()));
    }
    return block.toString();
  }

  /**
   * A duration as it is written in configuration.
   *
   * @param duration zero or more
   * @return whole seconds as {@code 30s}, else {@code 1500ms}
   */
  public static String text(Duration duration) {
    long millis = duration.toMillis();
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }

  private static String masked(String key, String value) {
    return SECRET.matcher(key).matches()
        ? MASK
        : IN_URL.matcher(value).replaceAll("$1:" + MASK + "@");
  }
}
