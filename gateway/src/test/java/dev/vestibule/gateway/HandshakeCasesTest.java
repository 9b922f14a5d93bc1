package dev.vestibule.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.gateway.Passage.Kind;
import dev.vestibule.gateway.Passage.Outcome;
import dev.vestibule.testkit.RawClient;
import dev.vestibule.testkit.RawClient.Answer;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad handshakes, and bad answers to them: cases 1 to 10. */
class HandshakeCasesTest extends GatewayScene {

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String ACCEPT = "Sec-WebSocket-Accept: " + RawClient.ACCEPT + "\r\n";

  private void expectNotPassedOn(Backend backend, String request, int status) throws IOException {
    RawClient client = connect().send(request);
    Answer answer = client.read();
    assertThat(answer.status()).as(request).isEqualTo(status);
    assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
    client.awaitEnd();
    assertThat(backend.connected()).isZero();
  }

  @Test
  @DisplayName("1: a version that the server does not speak is its to refuse, and opens no tunnel")
  void anUnknownVersionOpensNoTunnel() throws Exception {
    Backend backend =
        ready(
            Backend.answerOnce(
                "HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 13\r\n"
                    + "Upgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: 3\r\n\r\nold"));
    RawClient client = connect();
    client.send(RawClient.handshake("/chat").replace("Version: 13", "Version: 1777"));
    Answer answer = client.read();
    assertThat(answer.status()).isEqualTo(426);
    assertThat(answer.header("sec-websocket-version")).isEqualTo("13");
    assertThat(answer.body()).isEqualTo("old");

    client.send(RawClient.request("GET /internal HTTP/1.1", "Host: localhost"));
    client.awaitEnd();
    assertThat(backend.next().rest()).isEmpty();
    assertThat(passage().status()).isEqualTo(426);
  }

  @Test
  @DisplayName("1: nobody is held to be told of the version")
  void anUnknownVersionIsNotHeld() throws Exception {
    Backend backend = backend(Backend.echo());
    start(backend.address());
    upstream().start();
    String old = RawClient.handshake("/chat").replace("Version: 13", "Version: 8");
    RawClient client = connect().send(old);
    Answer answer = client.read();
    assertThat(answer.status()).isEqualTo(426);
    assertThat(answer.header("sec-websocket-version")).isEqualTo("13");
    client.awaitEnd();
  }

  @Test
  @DisplayName("2: only GET upgrades")
  void aPostDoesNotUpgrade() throws Exception {
    Backend backend = ready(Backend.echo());
    expectNotPassedOn(backend, RawClient.handshake("/chat").replace("GET ", "POST "), 400);
  }

  @ParameterizedTest(name = "3: the key is 16 bytes of base64: {0}")
  @ValueSource(strings = {"", "c2hvcnQ=", "not base64 at all", "dGhlIHNhbXBsZSBub25jZR==", "none"})
  void aBadKeyIsRejected(String key) throws Exception {
    Backend backend = ready(Backend.echo());
    String good = RawClient.handshake("/chat");
    String bad =
        key.equals("none")
            ? good.replaceAll("Sec-WebSocket-Key: .*\r\n", "")
            : good.replace(RawClient.KEY, key);
    expectNotPassedOn(backend, bad, 400);
  }

  @Test
  @DisplayName("4: Upgrade to several protocols, twice, without a key")
  void severalProtocolsAreRejected() throws Exception {
    Backend backend = ready(Backend.echo());
    String several =
        RawClient.request(
            "GET /chat HTTP/1.1",
            "Host: localhost",
            "Upgrade: proto1, websocket, proto2",
            "Upgrade: proto3",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13");
    expectNotPassedOn(backend, several, 400);
  }

  @ParameterizedTest(name = "5: a 101 with a bad Sec-WebSocket-Accept is a bad gateway: {0}")
  @ValueSource(strings = {"", "Sec-WebSocket-Accept: nonsense\r\n", ACCEPT_TWICE})
  void aBadAcceptIsABadGateway(String accept) throws Exception {
    expectBadGateway(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + accept
            + "\r\n");
  }

  private static final String ACCEPT_TWICE =
      "Sec-WebSocket-Accept: " + RawClient.ACCEPT + "\r\nSec-WebSocket-Accept: other\r\n";

  @ParameterizedTest(name = "6: a 101 to something else is a bad gateway: {0}")
  @ValueSource(strings = {"Upgrade: h2c\r\n", "Upgrade: websocket, h2c\r\n", ""})
  void another101IsABadGateway(String upgrade) throws Exception {
    expectBadGateway(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n" + upgrade + ACCEPT + "\r\n");
  }

  private void expectBadGateway(String answer) throws Exception {
    Backend backend = ready(Backend.answerOnce(answer));
    RawClient client = connect().send(RawClient.handshake("/chat"));
    client.send(RawClient.frame("too early"));
    assertThat(client.read().status()).isEqualTo(502);
    client.awaitEnd();
    assertThat(backend.next().rest()).isEmpty();
    assertThat(gateway().tunnels().count()).isZero();
    assertThat(passage().outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  @DisplayName("7: h2c is never passed on")
  void h2cIsNeverPassedOn() throws Exception {
    Backend backend = ready(Backend.answer(OK));
    String h2c =
        RawClient.request(
            "GET / HTTP/1.1",
            "Host: localhost",
            "Upgrade: h2c",
            "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA",
            "Connection: Upgrade, HTTP2-Settings");
    assertThat(connect().send(h2c).read().status()).isEqualTo(200);
    String seen = backend.next().heads().getFirst().toLowerCase(java.util.Locale.ROOT);
    assertThat(seen).doesNotContain("h2c").doesNotContain("http2").doesNotContain("upgrade");
  }

  @ParameterizedTest(name = "8: an upgrade with a body: {0}")
  @ValueSource(
      strings = {"Content-Length: 3\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"})
  void anUpgradeHasNoBody(String body) throws Exception {
    Backend backend = ready(Backend.echo());
    String head = RawClient.handshake("/chat");
    expectNotPassedOn(backend, head.substring(0, head.length() - 2) + body, 400);
  }

  @Test
  @DisplayName("9: frames sent before the 101 are delivered once and in order")
  void earlyFramesAreDeliveredOnce() throws Exception {
    Backend backend = ready(Backend.echo());
    RawClient client = connect();
    String one = new String(RawClient.frame("one"), ISO_8859_1);
    String two = new String(RawClient.frame("two"), ISO_8859_1);
    client.send(RawClient.handshake("/chat") + one + two);
    client.send(RawClient.frame("three"));
    assertThat(client.read().status()).isEqualTo(101);
    assertThat(client.readText()).isEqualTo("one");
    assertThat(client.readText()).isEqualTo("two");
    assertThat(client.readText()).isEqualTo("three");
    assertThat(backend.connected()).isOne();
  }

  @ParameterizedTest(name = "10: early bytes never reach the server as a request: {0}")
  @ValueSource(
      strings = {
        "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n"
      })
  void earlyBytesAreNoRequest(String answer) throws Exception {
    Backend backend = ready(Backend.answerOnce(answer));
    String smuggled = RawClient.request("GET /internal HTTP/1.1", "Host: localhost");
    RawClient client = connect().send(RawClient.handshake("/chat") + smuggled);
    assertThat(client.read().status()).isNotEqualTo(101);
    client.send(smuggled);
    client.awaitEnd();
    assertThat(backend.next().rest()).isEmpty();
    assertThat(backend.connected()).isOne();
    assertThat(passages).hasSize(1);
    assertThat(passage().kind()).isEqualTo(Kind.UPGRADE);
    assertThat(passage().outcome()).isEqualTo(Outcome.PASSED);
  }
}
