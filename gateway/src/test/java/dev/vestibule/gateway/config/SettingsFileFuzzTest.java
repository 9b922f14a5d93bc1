package dev.vestibule.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever a file holds, it is read or refused by name: nothing is thrown, and nothing hangs. */
class SettingsFileFuzzTest {

  private static final long SEED = 20_261_126L;
  private static final int TEXTS = 5_000;
  private static final String[] PARTS = {
    "listen",
    "upstreams",
    "routes",
    "name",
    "path",
    "origin",
    ":",
    ": ",
    "- ",
    "\n",
    "\n  ",
    "[",
    "]",
    "{",
    "}",
    ",",
    "&a ",
    "*a",
    "!!x ",
    "!",
    "|\n",
    ">-\n",
    "'",
    "\"",
    "\\u0041",
    "%YAML 1.2\n",
    "---\n",
    "...\n",
    "? ",
    "<<: ",
    "~",
    "# c\n",
    "\t",
    "\u0000",
    "\uD800",
    "\uFEFF",
    "\u2028",
    "0",
    "-1",
    "99999999999999999999",
    "30s",
    "/**",
    "127.0.0.1:80",
    "\r",
    "@",
    "`",
    " "
  };

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void anyTextIsReadOrRefused() {
    Random random = new Random(SEED);
    int refused = 0;
    for (int i = 0; i < TEXTS; i++) {
      String text = random.nextBoolean() ? damaged(random) : made(random);
      Mistakes mistakes = new Mistakes();
      try {
        SettingsFile.parse(Told.FILE, text, mistakes);
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("seed " + SEED + ", text " + i + ":\n" + text, e);
      }
      refused += mistakes.isEmpty() ? 0 : 1;
      assertThat(mistakes.all()).allSatisfy(it -> assertThat(it).startsWith(Told.FILE));
    }
    // Both happen: a test that only ever refuses proves little.
    assertThat(refused).isBetween(TEXTS / 10, TEXTS - 100);
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void whatIsLargeOrDeepOrUnfoldsIsRefusedWhereItBegins() {
    StringBuilder laughs = new StringBuilder("a: &a [x,x,x,x,x,x,x,x,x]\n");
    for (char c = 'b'; c <= 'z'; c++) {
      String before = "*" + (char) (c - 1);
      laughs.append(c).append(": &").append(c).append(" [");
      laughs.append((before + ",").repeat(9)).append("x]\n");
    }
    assertThat(refusal(laughs.toString())).contains("no anchors");
    assertThat(refusal("[".repeat(500_000))).contains("nested 9 deep");
    assertThat(refusal("{a: ".repeat(200_000))).contains("nested 9 deep");
    assertThat(refusal("- ".repeat(200_000) + "a")).contains("nested 9 deep");
    assertThat(refusal("? ".repeat(200_000) + "a")).startsWith(Told.FILE);
    assertThat(refusal("x: y\n".repeat(200_000))).contains("and 199900 more");
    StringBuilder keys = new StringBuilder();
    for (int i = 0; i < 60_000; i++) {
      keys.append('k').append(i).append(": y\n");
    }
    Mistakes mistakes = new Mistakes();
    SettingsFile.parse(Told.FILE, keys.toString(), mistakes);
    assertThat(mistakes.all()).hasSize(101).last().isEqualTo("and 59900 more");
  }

  private static String refusal(String text) {
    Mistakes mistakes = new Mistakes();
    SettingsFile.parse(Told.FILE, text, mistakes);
    return String.join("\n", mistakes.all());
  }

  private static String made(Random random) {
    StringBuilder text = new StringBuilder();
    for (int parts = random.nextInt(40); parts > 0; parts--) {
      text.append(PARTS[random.nextInt(PARTS.length)]);
    }
    return text.toString();
  }

  private static String damaged(Random random) {
    StringBuilder text = new StringBuilder(SettingsFileTest.WHOLE);
    for (int times = random.nextInt(6); times > 0; times--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(3)) {
        case 0 -> text.deleteCharAt(at);
        case 1 -> text.insert(at, PARTS[random.nextInt(PARTS.length)]);
        default -> text.setCharAt(at, (char) random.nextInt(0x80));
      }
    }
    return text.toString();
  }
}
