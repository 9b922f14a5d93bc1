package dev.vestibule.chat.model;

import java.util.regex.Pattern;

/** What a model's endpoint is shown to be let in. Never printed. Immutable. */
public final class ModelKey {

  /** Stands where the key would, whenever something is printed. */
  public static final String MASK = "******";

  // What RFC 6750 section 2.1 lets a bearer token be, and other visible ASCII that endpoints use.
  private static final Pattern ALLOWED = Pattern.compile("[\\x21-\\x7e]{1,4096}");

  private final String value;

  /**
   * Takes a key.
   *
   * @param value see {@link #isKey}
   */
  public ModelKey(String value) {
    if (!isKey(value)) {
      throw new IllegalArgumentException(
          "key: " + MASK + " (expected: 1 to 4096 visible ASCII characters)");
    }
    this.value = value;
  }

  /**
   * Whether this can be a key.
   *
   * @param value anything
   * @return true for 1 to 4096 visible ASCII characters
   */
  public static boolean isKey(String value) {
    return ALLOWED.matcher(value).matches();
  }

  /** The value of the header {@code Authorization}. */
  String authorization() {
    return "Bearer " + value;
  }

  /** The text without the key, in case somebody repeated it. */
  String redact(String text) {
    return text.replace(value, MASK);
  }

  @Override
  public String toString() {
    return MASK;
  }
}
