package dev.vestibule.gateway.config;

import java.util.ArrayList;
import java.util.List;

/** Collects all that is wrong, so that it can be said at once. Not safe for use by many threads. */
public final class Mistakes {

  // A message, not a dump of whatever was given in place of a file.
  private static final int LONGEST_VALUE = 120;
  private static final int MOST = 100;

  private final List<String> found = new ArrayList<>();
  private int more;

  /** None so far. */
  public Mistakes() {}

  /**
   * Adds one about a value.
   *
   * @param where what it is about
   * @param value what was said
   * @param expected what was expected
   */
  public void add(String where, String value, String expected) {
    add(where + ": " + shown(value) + " (expected: " + expected + ")");
  }

  /** Adds one about a value. */
  void add(Said said, String expected) {
    add(said.where(), said.text(), expected);
  }

  /**
   * Adds one.
   *
   * @param message whole
   */
  public void add(String message) {
    if (found.contains(message)) {
      return;
    }
    if (found.size() < MOST) {
      found.add(message);
    } else {
      more++;
    }
  }

  /**
   * Whether there is none.
   *
   * @return true at first
   */
  public boolean isEmpty() {
    return found.isEmpty();
  }

  /**
   * All of them, a hundred at most, and then how many more there are.
   *
   * @return in the order in which they were found
   */
  public List<String> all() {
    List<String> all = new ArrayList<>(found);
    if (more > 0) {
      all.add("and " + more + " more");
    }
    return all;
  }

  /** On one line, without what could turn a terminal upside down, and not too long. */
  static String shown(String value) {
    if (value.isEmpty()) {
      return "''";
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < value.length() && i < LONGEST_VALUE; i++) {
      char c = value.charAt(i);
      out.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
    }
    return value.length() > LONGEST_VALUE ? out + "..." : out.toString();
  }
}
