package dev.vestibule;

import java.util.List;

/**
 * Which paths a route takes: {@code /chat} that path alone, {@code /rooms/*} one segment in place
 * of the star, {@code /chat/**} {@code /chat} itself and everything below it.
 */
final class RoutePattern {

  private static final String EXPECTED =
      "%s: '%s' (expected: begins with /, * only as a whole segment, ** only as the last one)";

  private final String text;
  private final List<String> segments;
  private final boolean open;

  private RoutePattern(String text, List<String> segments, boolean open) {
    this.text = text;
    this.segments = segments;
    this.open = open;
  }

  static RoutePattern parse(String text, Mistakes mistakes) {
    boolean open = text.endsWith("/**");
    String fixed = open ? text.substring(0, text.length() - 3) : text;
    List<String> segments = split(fixed);
    boolean starsAlone = segments.stream().allMatch(s -> s.equals("*") || !s.contains("*"));
    if (!text.startsWith("/") || !starsAlone) {
      mistakes.add(EXPECTED, "route", text);
    }
    return new RoutePattern(text, segments, open);
  }

  /** Walks the path without allocating: an adapter asks this of every request. */
  boolean matches(String path) {
    int at = 0;
    for (String segment : segments) {
      if (at >= path.length() || path.charAt(at) != '/') {
        return false;
      }
      int slash = path.indexOf('/', at + 1);
      int end = slash < 0 ? path.length() : slash;
      boolean same =
          segment.length() == end - at - 1
              && path.regionMatches(at + 1, segment, 0, segment.length());
      if (!same && !segment.equals("*")) {
        return false;
      }
      at = end;
    }
    return open || at == path.length() || (segments.isEmpty() && path.equals("/"));
  }

  /** {@code "/a/b"} becomes {@code [a, b]}, {@code "/"} and {@code ""} become {@code []}. */
  private static List<String> split(String path) {
    String trimmed = path.startsWith("/") ? path.substring(1) : path;
    return trimmed.isEmpty() ? List.of() : List.of(trimmed.split("/", -1));
  }

  @Override
  public String toString() {
    return text;
  }
}
