package dev.vestibule.micrometer;

import java.util.Locale;

/** How constants are written in tags: {@code budget_spent}. */
final class Names {

  private Names() {}

  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
