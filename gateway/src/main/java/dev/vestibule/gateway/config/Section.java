package dev.vestibule.gateway.config;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values that were said together: on the command line, at the top of a file, or of one upstream or
 * route.
 *
 * @param where how a message about all of it begins
 * @param values those that were said; several for a list
 */
public record Section(String where, Map<Key, List<Said>> values) {

  /** Copies the values, so that the record is immutable. */
  public Section {
    Map<Key, List<Said>> copy = new EnumMap<>(Key.class);
    values.forEach((key, list) -> copy.put(key, List.copyOf(list)));
    values = java.util.Collections.unmodifiableMap(copy);
  }

  /** Nothing was said. */
  static Section empty(String where) {
    return new Section(where, Map.of());
  }

  /**
   * The value, or the last of several.
   *
   * @param key whose
   * @return null when it was not said
   */
  public @Nullable Said get(Key key) {
    List<Said> all = all(key);
    return all.isEmpty() ? null : all.getLast();
  }

  List<Said> all(Key key) {
    return values.getOrDefault(key, List.of());
  }
}
