package dev.vestibule.gateway.http;

import static dev.vestibule.gateway.http.WireHeads.handshake;
import static dev.vestibule.gateway.http.WireHeads.handshakeTo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.gateway.http.Screened.PlainRequest;
import dev.vestibule.gateway.http.Screened.Rejected;
import dev.vestibule.gateway.http.Screened.UpgradeRequest;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is held, what is passed on, and what goes nowhere: cases 1 to 4, 7 and 8 of bad input. */
class ScreeningTest {

  private static Screened screen(String text) {
    return Screening.screen(WireHeads.read(text), true);
  }

  private static void assertRejected(String text, int status, String detail) {
    assertThat(screen(text))
        .isInstanceOfSatisfying(
            Rejected.class,
            rejected -> {
              assertThat(rejected.status()).isEqualTo(status);
              assertThat(rejected.problem().detail()).startsWith(detail);
              assertThat(rejected.problem().title()).isNotEmpty();
            });
  }

  private static void assertPlain(String text, String path) {
    assertThat(screen(text)).isEqualTo(new PlainRequest(path));
  }

  static String[] handshakes() {
    return new String[] {
      handshake(),
      handshake("Upgrade: WebSocket", "Connection: keep-alive, UPGRADE"),
      handshake("Content-Length: 0"),
      handshake("Origin: https://example.org"),
      handshake("Host: [2001:db8::1]:8080"),
      handshake("Host: localhost:80"),
      handshake("Sec-WebSocket-Version: 1777"), // the server says which it speaks: 426
      handshake("Sec-WebSocket-Version: 8"),
      handshakeTo("GET /chat?x=/../;%2e%zz//y HTTP/1.1")
    };
  }

  @ParameterizedTest
  @MethodSource("handshakes")
  void holdsAHandshake(String text) {
    assertThat(screen(text))
        .isEqualTo(new UpgradeRequest("/chat", new AcceptKey(WireHeads.KEY, null)));
  }

  @Test
  void keepsWhatTheAnswerIsCheckedAgainst() {
    String text = handshake("Sec-WebSocket-Protocol: a, b", "Sec-WebSocket-Protocol: c");
    assertThat(screen(text))
        .isEqualTo(new UpgradeRequest("/chat", new AcceptKey(WireHeads.KEY, "a, b,c")));
  }

  static String[][] brokenHandshakes() {
    return new String[][] {
      {handshakeTo("POST /chat HTTP/1.1"), "method: POST"},
      {handshakeTo("HEAD /chat HTTP/1.1"), "method: HEAD"},
      {handshakeTo("get /chat HTTP/1.1"), "method: get"},
      {handshakeTo("GET /chat HTTP/1.0"), "version: HTTP/1.0"},
      {handshakeTo("GET /chat;a=b HTTP/1.1"), "path: has a ';'"},
      {handshake("Upgrade: proto1, websocket, proto2"), "Upgrade: "},
      {handshake("Upgrade: websocket", "Upgrade: websocket"), "Upgrade: "},
      {handshake("Upgrade: h2c, websocket"), "Upgrade: "},
      {handshake("Upgrade: websocket", "Upgrade: h2c"), "Upgrade: "},
      {handshake("Upgrade: websocket/13"), "Upgrade: "},
      {handshake("Connection:-"), "Connection: "},
      {handshake("Connection: keep-alive"), "Connection: "},
      {handshake("Connection: upgraded"), "Connection: "},
      {handshake("Sec-WebSocket-Key:-"), "Sec-WebSocket-Key: "},
      {
        handshake("Sec-WebSocket-Key: " + WireHeads.KEY, "Sec-WebSocket-Key: " + WireHeads.KEY),
        "Sec-W"
      },
      {handshake("Sec-WebSocket-Key: "), "Sec-WebSocket-Key: "},
      {handshake("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j"), "Sec-WebSocket-Key: "}, // 15 bytes
      {handshake("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZSE="), "Sec-WebSocket-Key: "}, // 17
      {handshake("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ"), "Sec-WebSocket-Key: "}, // padding
      {handshake("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZR=="), "Sec-WebSocket-Key: "}, // bits
      {handshake("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZ-=="), "Sec-WebSocket-Key: "}, // URL's
      {handshake("Sec-WebSocket-Key: dGhl IHNhbXBsZSBub25jZQ="), "Sec-WebSocket-Key: "},
      {handshake("Sec-WebSocket-Version:-"), "Sec-WebSocket-Version: 0"},
      {handshake("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 13"), "Sec-WebSocket-V"},
      {handshake("Content-Length: 3"), "Content-Length: "},
      {handshake("Content-Length: 00"), "Content-Length: "},
      {handshake("Transfer-Encoding: chunked"), "Transfer-Encoding: "},
      {handshake("Host:-"), "Host: 0"},
      {handshake("Host: a", "Host: b"), "Host: 2"},
      {handshake("Host: a", "Host: a"), "Host: 2"}
    };
  }

  @ParameterizedTest
  @MethodSource("brokenHandshakes")
  void rejectsABrokenHandshake(String text, String detail) {
    assertRejected(text, 400, detail);
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2c", "TLS/1.0", "HTTP/2.0, IRC/6.9", "websockets", ""})
  void takesNoNoticeOfOtherUpgrades(String protocol) {
    assertPlain(
        handshake("Upgrade: " + protocol, "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"), "/chat");
    assertPlain(handshakeTo("POST /chat HTTP/1.1", "Upgrade: " + protocol), "/chat");
  }

  @Test
  void takesRequestsOfAnyKind() {
    assertPlain("GET / HTTP/1.0\r\n\r\n", "/");
    assertPlain("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", "/");
    assertPlain("OPTIONS /a HTTP/1.1\r\nHost:\r\n\r\n", "/a");
    assertPlain("PROPFIND /a HTTP/1.1\r\nHost: a:\r\nContent-Length: 1\r\n\r\nx", "/a");
  }

  @ParameterizedTest
  @CsvSource({
    "CONNECT a:80, 501, method: CONNECT",
    "CONNECT /, 501, method: CONNECT",
    "OPTIONS *, 400, target: not a path",
    "GET http://a/, 400, target: not a path",
    "GET https://a/, 400, target: not a path",
    "GET a:80, 400, target: not a path",
    "GET a, 400, target: not a path",
    "GET ?a, 400, target: not a path"
  })
  void rejectsWhatIsNotForAServer(String line, int status, String detail) {
    assertRejected(line + " HTTP/1.1\r\nHost: a\r\n\r\n", status, detail);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b", "a, b", "a/b", "a@b", "a:b", "a:80:80", "a\\b", "[a", "a?b", "a#b", "\u00fc"
      })
  void rejectsAHostThatIsNone(String host) {
    assertRejected("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n", 400, "Host: ");
  }

  @ParameterizedTest
  @CsvSource({
    "'', true",
    "https://example.org, true",
    "https://EXAMPLE.org, true",
    "https://example.org:443, false",
    "https://example.org.evil.com, false",
    "null, false"
  })
  void asksWhichPage(String origin, boolean allowed) {
    Set<String> allowlist = Set.of("https://example.org", "https://example.com");
    var request = WireHeads.read(origin.isEmpty() ? handshake() : handshake("Origin: " + origin));
    Rejected mistake = UpgradeRequest.originMistake(request, allowlist);
    assertThat(mistake == null).isEqualTo(allowed);
    assertThat(mistake == null ? 403 : mistake.status()).isEqualTo(403);
    assertThat(UpgradeRequest.originMistake(request, Set.of())).isNull();
  }

  @Test
  void takesOneOrigin() {
    String line = "Origin: https://example.org";
    var request = WireHeads.read(handshake(line, line));
    assertThat(UpgradeRequest.originMistake(request, Set.of("https://example.org"))).isNotNull();
  }

  /** Where every path is the same route's, npm's scoped names and the like reach their server. */
  @ParameterizedTest
  @ValueSource(strings = {"/@scope%2fname", "/a//b", "/a/../b", "/%61", "/a;b=c", "/%zz"})
  void leavesThePathToTheServerWhereThereIsOneRoute(String path) {
    HttpRequest request = WireHeads.read("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(Screening.screen(request, false)).isEqualTo(new PlainRequest(path));
    boolean different = Screening.screen(request, true) instanceof PlainRequest;
    assertThat(different).isEqualTo(path.contains(";"));
  }
}
