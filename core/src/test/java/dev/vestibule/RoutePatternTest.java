package dev.vestibule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which paths a pattern takes, by example and against regular expressions. */
class RoutePatternTest {

  private static RoutePattern parse(String pattern) {
    Mistakes mistakes = new Mistakes("gate");
    RoutePattern parsed = RoutePattern.parse(pattern, mistakes);
    mistakes.throwIfAny();
    return parsed;
  }

  @ParameterizedTest
  @CsvSource({
    "/chat, /chat, true",
    "/chat, /chat/, false",
    "/chat, /chatter, false",
    "/chat, /, false",
    "/chat, '', false",
    "/chat/**, /chat, true",
    "/chat/**, /chat/, true",
    "/chat/**, /chat/a/b, true",
    "/chat/**, /chatter, false",
    "/chat/**, /chat2/a, false",
    "/rooms/*, /rooms/1, true",
    "/rooms/*, /rooms/, true",
    "/rooms/*, /rooms, false",
    "/rooms/*, /rooms/1/2, false",
    "/rooms/*/chat, /rooms/1/chat, true",
    "/rooms/*/chat, /rooms/1/2/chat, false",
    "/*/**, /a, true",
    "/*/**, /a/b, true",
    "/, /, true",
    "/, /a, false",
    "/**, /, true",
    "/**, '', true",
    "/**, '*', true",
    "/**, /a/b/c, true",
    "/chat/**, chat/a, false",
    "/Chat, /chat, false"
  })
  void takes(String pattern, String path, boolean expected) {
    assertThat(parse(pattern).matches(path)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "chat", "/a*", "/**/a", "/a/***", "**", "*", "/a/*b/c", "/a**"})
  void isNoPattern(String pattern) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parse(pattern))
        .withMessageContaining("route: '" + pattern + "' (expected: begins with /");
  }

  @Test
  void agreesWithARegularExpressionOnRandomPatternsAndPaths() {
    Random random = new Random(20261123);
    List<String> segments = List.of("a", "b", "ab", "*", "", "a.b");
    int taken = 0;
    for (int i = 0; i < 50_000; i++) {
      String pattern = path(random, segments, 3) + (random.nextBoolean() ? "/**" : "");
      String path = path(random, List.of("a", "b", "ab", "", "a.b", "c"), 4);
      boolean expected = regex(pattern).matcher(path).matches();
      assertThat(parse(pattern).matches(path)).as("%s takes %s", pattern, path).isEqualTo(expected);
      taken += expected ? 1 : 0;
    }
    assertThat(taken).isGreaterThan(5_000);
  }

  private static String path(Random random, List<String> segments, int most) {
    StringBuilder path = new StringBuilder();
    for (int i = 1 + random.nextInt(most); i > 0; i--) {
      path.append('/').append(segments.get(random.nextInt(segments.size())));
    }
    return path.toString();
  }

  private static Pattern regex(String pattern) {
    boolean open = pattern.endsWith("/**");
    String fixed = open ? pattern.substring(0, pattern.length() - 3) : pattern;
    String body = fixed.replace(".", "\\.").replace("*", "[^/]*");
    // The pattern of nothing but /** takes everything; a lone / is the root.
    boolean root = fixed.isEmpty() || fixed.equals("/");
    return Pattern.compile(open ? (root ? ".*" : body + "(/.*)?") : body);
  }
}
