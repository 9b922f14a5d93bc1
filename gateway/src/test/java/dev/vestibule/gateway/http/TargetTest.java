package dev.vestibule.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which paths are clear, and what routes see of them. */
class TargetTest {

  @ParameterizedTest
  @CsvSource({
    "/, /",
    "/?, /",
    "/chat, /chat",
    "/chat/, /chat/",
    "/chat?a=//b/../%2e;%zz, /chat",
    "/a.b/..c/...d/e.., /a.b/..c/...d/e..",
    "/.../a, /.../a",
    "/.well-known/x, /.well-known/x",
    "/a%20b, /a b",
    "/100%25, /100%",
    "/100%25zz, /100%zz",
    "/a%2520b, /a%20b",
    "/%C3%BC%e2%82%ac, /ü€",
    "/a%7Eb%2Dc%5F, /a~b-c_",
    "/a;b=c, /a;b=c",
    "/a%3Bb, /a;b",
    "/a%3Fb%23, /a?b#",
    "/a+b:c@d!$&'()*=, '/a+b:c@d!$&''()*='",
    "'/a|b^c{}\"`<>', '/a|b^c{}\"`<>'"
  })
  void isClear(String target, String path) {
    Target read = Target.parse(target, true);
    assertThat(read.mistake()).isNull();
    assertThat(read.path()).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//",
        "//a",
        "/a//b",
        "/a//",
        "//evil.com/a",
        "/.",
        "/..",
        "/./a",
        "/../a",
        "/a/.",
        "/a/..",
        "/a/./b",
        "/a/../b",
        "/a/..?x",
        "/..;",
        "/..;/a",
        "/.;x=y/a",
        "/a/..;x/b", // as servlet containers read it
        "/%2e",
        "/%2E%2e/a",
        "/.%2e/a",
        "/a%2eb",
        "/a/%2e%2e%2fb",
        "/a%2fb",
        "/a%2Fb",
        "/a\\b",
        "/a%5cb",
        "/..\\a",
        "/%5C..",
        "/%252e%252e/a",
        "/a%252fb",
        "/a%255cb",
        "/a%2500",
        "/%61dmin",
        "/%41",
        "/%30",
        "/a%00",
        "/a%0d%0ab",
        "/%7f",
        "/%1f"
      })
  void canBeReadInTwoWays(String target) {
    assertThat(Target.parse(target, true).mistake()).startsWith("path: can be read in two ways");
    assertThat(Target.parse(target, true).path()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/%",
        "/%2",
        "/%zz",
        "/%2g",
        "/a%",
        "/%u0041",
        "/%+1",
        "/% 1",
        "/%c0%ae",
        "/%c0%af",
        "/%e0%80%af",
        "/%ff",
        "/%c3",
        "/%c3(",
        "/%ed%a0%80"
      })
  void isNoEncodedText(String target) {
    assertThat(Target.parse(target, true).mistake()).isNotNull().doesNotContain("two ways");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "*", "a", "a/b", "?a", "http://a/b", "a:80", "#", "\\a"})
  void isNoPath(String target) {
    assertThat(Target.parse(target, true).mistake()).startsWith("target: not a path");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/ü", "/a b", "/a\tb", "/a#b", "/a?b#c", "/a?b c", "/\u007f", "/a?\u0000"})
  void hasToBeEncoded(String target) {
    String latin = new String(target.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    assertThat(Target.parse(target, true).mistake()).startsWith("target: a character");
    assertThat(Target.parse(latin, true).mistake()).startsWith("target: a character");
  }
}
