package dev.vestibule.gateway.config;

/**
 * A value as somebody wrote it, or as it is by default.
 *
 * @param where how a message about it begins: {@code --max-waiting}, or {@code vestibule.yaml:12:
 *     routes[1].upstream}
 * @param text what was written
 * @param source where from, for the list of effective settings
 */
public record Said(String where, String text, String source) {

  /**
   * Said on the command line.
   *
   * @param key by which flag
   * @param text its value
   * @return the value
   */
  public static Said byFlag(Key key, String text) {
    return new Said(key.flag(), text, key.flag());
  }

  /** By nobody. */
  static Said byDefault(Key key, String text, String source) {
    return new Said(key.key(), text, source);
  }
}
