package dev.vestibule.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.gateway.Passage.Outcome;
import dev.vestibule.testkit.RawClient;
import dev.vestibule.testkit.RawClient.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers that mean harm, and the server's own refusal: cases 11 to 15. */
class HeaderCasesTest extends GatewayScene {

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String GET = RawClient.request("GET / HTTP/1.1", "Host: localhost");

  @Test
  @DisplayName("11: what Connection names is stripped")
  void whatConnectionNamesIsStripped() throws Exception {
    Backend backend = ready(Backend.echo());
    String handshake =
        RawClient.handshake("/chat", "X-Internal-Auth: me", "X-Other: yes")
            .replace("Connection: Upgrade", "Connection: Upgrade, x-internal-auth");
    assertThat(connect().send(handshake).read().status()).isEqualTo(101);
    String seen = backend.next().heads().getFirst().toLowerCase(Locale.ROOT);
    assertThat(seen).doesNotContain("internal-auth").contains("x-other: yes");
  }

  @ParameterizedTest(name = "12: where the body ends is in doubt: {0}")
  @ValueSource(
      strings = {
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "Transfer-Encoding: chunked, xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n2\nok\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n2;a=\nok\r\n0\r\n\r\n"
      })
  void anUnclearLengthIsRejected(String rest) throws Exception {
    Backend backend = ready(Backend.answer(OK));
    RawClient client =
        connect().send("POST / HTTP/1.1\r\nHost: localhost\r\n" + rest + GET.replace("/ ", "/in "));
    assertThat(client.read().status()).isEqualTo(400);
    client.awaitEnd();
    eventually("it is noted", () -> !passages.isEmpty());
    assertThat(passages).allMatch(it -> it.outcome() == Outcome.REJECTED);
    if (backend.connected() > 0) {
      assertThat(backend.next().heads()).noneMatch(head -> head.contains("/in"));
    }
  }

  @Test
  @DisplayName("13: 2000 headers")
  void tooManyHeaders() throws Exception {
    expectTooLong("X-A: b\r\n".repeat(2000));
  }

  @Test
  @DisplayName("13: a line of 100 KB")
  void tooLongALine() throws Exception {
    expectTooLong("X-A: " + "b".repeat(100_000) + "\r\n");
    String line = "GET /" + "a".repeat(100_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    RawClient client = connect();
    trySend(client, line);
    assertThat(client.read().status()).isEqualTo(400);
  }

  private void expectTooLong(String headers) throws Exception {
    Backend backend = ready(Backend.answer(OK));
    RawClient client = connect();
    trySend(client, "GET / HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n");
    assertThat(client.read().status()).isEqualTo(431);
    client.awaitEnd();
    assertThat(backend.connected()).isZero();
    assertThat(connect().send(GET).read().status()).isEqualTo(200);
  }

  /** The gateway may have ended the connection before all of it is written. */
  private static void trySend(RawClient client, String text) {
    try {
      client.send(text);
    } catch (IOException e) {
      // What was answered counts.
    }
  }

  @Test
  @DisplayName("14: a head that drips is answered 408 at the deadline, and others are served")
  void aDrippingHeadHasADeadline() throws Exception {
    limits = Varied.headerTimeout(limits, Duration.ofMillis(300));
    ready(Backend.answer(OK));
    RawClient slow = connect();
    RawClient other = connect();
    Thread drip = Thread.ofVirtual().start(() -> drip(slow));
    assertThat(other.send(GET).read().status()).isEqualTo(200);
    assertThat(slow.read().status()).isEqualTo(408);
    slow.awaitEnd();
    drip.join();
    assertThat(connect().send(GET).read().status()).isEqualTo(200);
  }

  private static void drip(RawClient client) {
    try {
      client.send("GET / HTTP/1.1\r\n");
      while (true) {
        client.send("a");
        LockSupport.parkNanos(10_000_000);
      }
    } catch (IOException e) {
      // The gateway ended it.
    }
  }

  @Test
  @DisplayName("14: a client that says nothing at all is not kept")
  void aSilentClientHasADeadline() throws Exception {
    limits = Varied.headerTimeout(limits, Duration.ofMillis(100));
    ready(Backend.answer(OK));
    RawClient silent = connect();
    assertThat(silent.read().status()).isEqualTo(408);
    silent.awaitEnd();
  }

  @Test
  @DisplayName("15: the server's 401 and its body reach the client")
  void a401IsRelayed() throws Exception {
    ready(
        Backend.answerOnce(
            "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer\r\n"
                + "Content-Type: text/plain\r\nContent-Length: 8\r\n\r\nwho are?"));
    RawClient client = connect().send(RawClient.handshake("/chat"));
    Answer answer = client.read();
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.header("www-authenticate")).isEqualTo("Bearer");
    assertThat(answer.body()).isEqualTo("who are?");
    client.awaitEnd();
  }

  @Test
  @DisplayName("15: also in chunks, or until the end of the connection")
  void a401IsRelayedHoweverItsBodyEnds() throws Exception {
    ready(connection -> {
      connection.readHead();
      connection.write("HTTP/1.0 401 Unauthorized\r\n\r\nwho ");
      connection.write("are you?");
      connection.end();
    });
    RawClient client = connect().send(RawClient.handshake("/chat"));
    assertThat(client.readHead().header("transfer-encoding")).isEqualTo("chunked");
    assertThat(client.readChunked()).isEqualTo("who are you?");
    client.awaitEnd();
  }
}
