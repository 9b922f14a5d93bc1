package dev.vestibule.gateway.admin;

import java.util.LinkedHashSet;
import java.util.Set;

/** What is wrong with something that was pushed; all of it is said at once, within bounds. */
final class PushMistakes {

  private static final int MOST = 20;
  private static final int MOST_CHARACTERS = 100;

  private final Set<String> found = new LinkedHashSet<>();
  private int more;

  void add(String name, String value, Object expected) {
    String shown =
        value.length() > MOST_CHARACTERS ? value.substring(0, MOST_CHARACTERS) + "..." : value;
    String mistake = "%s: %s (expected: %s)".formatted(name, shown, expected);
    if (found.size() < MOST) {
      found.add(mistake);
    } else if (!found.contains(mistake)) {
      more++;
    }
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  @Override
  public String toString() {
    return String.join("; ", found) + (more == 0 ? "" : "; and " + more + " more");
  }
}
