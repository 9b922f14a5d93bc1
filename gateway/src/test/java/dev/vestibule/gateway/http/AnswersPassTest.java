package dev.vestibule.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vestibule.gateway.Backend;
import dev.vestibule.gateway.GatewayScene;
import dev.vestibule.gateway.Passage.Outcome;
import dev.vestibule.testkit.RawClient;
import dev.vestibule.testkit.RawClient.Answer;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of every kind, and how they end. */
class AnswersPassTest extends GatewayScene {

  private static final String GET = RawClient.request("GET / HTTP/1.1", "Host: localhost");
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  @Test
  void eachEventReachesTheClientWhileTheAnswerIsOpen() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    ready(connection -> {
      connection.readHead();
      connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n");
      await(seen);
      connection.write("data: 2\n\n");
      connection.end();
    });
    RawClient client = connect().send(GET);
    assertThat(client.readHead().header("content-type")).isEqualTo("text/event-stream");
    assertThat(client.readChunk()).isEqualTo("data: 1\n\n");
    seen.countDown();
    assertThat(client.readChunk()).isEqualTo("data: 2\n\n");
    assertThat(client.readChunked()).isEmpty();
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      if (!latch.await(10, TimeUnit.SECONDS)) {
        throw new IOException("not in ten seconds");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void chunksAndTrailersPass() throws Exception {
    ready(
        Backend.answer(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Digest\r\n\r\n"
                + "5\r\nhello\r\n1\r\n!\r\n0\r\nDigest: abc\r\n\r\n"));
    RawClient client = connect();
    for (int i = 0; i < 2; i++) {
      assertThat(client.send(GET).readHead().header("trailer")).isEqualTo("Digest");
      assertThat(client.readChunked()).isEqualTo("hello!\nDigest: abc");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"204 No Content", "304 Not Modified"})
  void someAnswersHaveNoBody(String status) throws Exception {
    Backend backend = ready(Backend.answer("HTTP/1.1 " + status + "\r\nETag: a\r\n\r\n"));
    RawClient client = connect();
    for (int i = 0; i < 2; i++) {
      Answer answer = client.send(GET).readHead();
      assertThat(answer.status()).isEqualTo(Integer.parseInt(status.substring(0, 3)));
      assertThat(answer.header("transfer-encoding")).isEmpty();
      assertThat(answer.header("etag")).isEqualTo("a");
    }
    assertThat(backend.connected()).isOne();
  }

  @Test
  void a304MayHaveALength() throws Exception {
    ready(Backend.answer("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"));
    RawClient client = connect();
    assertThat(client.send(GET).readHead().header("content-length")).isEqualTo("5");
    assertThat(client.send(GET).readHead().status()).isEqualTo(304);
  }

  @Test
  void earlyHintsComeBeforeTheAnswer() throws Exception {
    ready(Backend.answer("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + OK));
    RawClient client = connect();
    for (int i = 0; i < 2; i++) {
      Answer hints = client.send(GET).readHead();
      assertThat(hints.status()).isEqualTo(103);
      assertThat(hints.header("link")).isEqualTo("</a.css>");
      assertThat(client.read().body()).isEqualTo("ok");
    }
  }

  // ---- HTTP/1.0.

  @Test
  void whatIsForOneConnectionAloneIsTakenOutOfAnInterimAnswerToo() throws Exception {
    ready(
        Backend.answer(
            "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nConnection: X-Inner, close\r\n"
                + "X-Inner: 1\r\nKeep-Alive: timeout=5\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    RawClient client = connect().send(RawClient.request("GET / HTTP/1.1", "Host: localhost"));
    Answer interim = client.readHead();
    assertThat(interim.status()).isEqualTo(103);
    assertThat(interim.headers()).containsOnlyKeys("link");
    assertThat(client.read().body()).isEqualTo("ok");
  }

  @Test
  void aClientOfHttp10GetsABodyThatEndsWithTheConnectionAndNo1xx() throws Exception {
    Backend backend =
        ready(
            Backend.answer(
                "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"));
    String answer = connect().send("GET / HTTP/1.0\r\n\r\n").readToEnd();
    assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nhello");
    assertThat(answer.toLowerCase(Locale.ROOT)).doesNotContain("chunked");
    String passedOn = backend.next().heads().getFirst();
    assertThat(passedOn)
        .startsWith("GET / HTTP/1.1\r\n")
        .containsIgnoringCase("\r\nHost: 127.0.0.1:");
  }

  @Test
  void aClientOfHttp10MayKeepItsConnection() throws Exception {
    ready(Backend.answer(OK));
    RawClient client = connect();
    for (int i = 0; i < 2; i++) {
      client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
      Answer answer = client.read();
      assertThat(answer.body()).isEqualTo("ok");
      assertThat(answer.header("connection")).isEqualTo("keep-alive");
    }
  }

  @Test
  void aServerOfHttp10EndsItsAnswerWithTheConnectionAndTheClientStays() throws Exception {
    Backend backend =
        ready(connection -> {
          connection.readHead();
          connection.write("HTTP/1.0 200 OK\r\nServer: old\r\n\r\nhello");
          connection.end();
        });
    RawClient client = connect();
    for (int i = 0; i < 2; i++) {
      assertThat(client.send(GET).readHead().header("transfer-encoding")).isEqualTo("chunked");
      assertThat(client.readChunked()).isEqualTo("hello");
    }
    assertThat(backend.connected()).isEqualTo(2);
  }

  // ---- Who ends the connection.

  @Test
  void aClientThatWantsTheEndGetsIt() throws Exception {
    ready(Backend.answer(OK));
    RawClient client =
        connect().send(RawClient.request("GET / HTTP/1.1", "Host: a", "Connection: close"));
    Answer answer = client.read();
    assertThat(answer.header("connection")).isEqualTo("close");
    assertThat(client.readToEnd()).isEmpty();
  }

  @Test
  void aServerThatEndsItsConnectionDoesNotEndTheClients() throws Exception {
    Backend backend =
        ready(connection -> {
          connection.readHead();
          connection.write(OK.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
          connection.end();
        });
    RawClient client = connect();
    for (int i = 0; i < 3; i++) {
      assertThat(client.send(GET).read().header("connection")).isEmpty();
    }
    assertThat(backend.connected()).isEqualTo(3);
  }

  // ---- Answers that are not whole.

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nnonsense\r\n0\r\n\r\n"
      })
  void halfAnAnswerIsSeenToBeOne(String half) throws Exception {
    ready(connection -> {
      connection.readHead();
      connection.write(half);
      connection.end();
    });
    RawClient client = connect().send(GET);
    Answer head = client.readHead();
    if (head.header("content-length").isEmpty()) {
      assertThat(client.readChunk()).isEqualTo("hello");
      assertThatThrownBy(client::readChunk).isInstanceOf(IOException.class);
    } else {
      assertThatThrownBy(() -> client.readBytes(10)).isInstanceOf(IOException.class);
    }
    assertThat(passage().outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void halfAnAnswerIsSeenToBeOneByAClientOfHttp10Too() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    ready(connection -> {
      connection.readHead();
      connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
      await(seen);
      connection.end();
    });
    RawClient client = connect().send("GET / HTTP/1.0\r\n\r\n");
    client.readHead();
    client.readBytes(5);
    seen.countDown();
    // A reset, because a plain end would be the end of the answer.
    assertThatThrownBy(client::readToEnd).isInstanceOf(IOException.class);
  }

  @Test
  void aResetWithinABodyThatEndsWithTheConnectionIsNoEnd() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    ready(connection -> {
      connection.readHead();
      connection.write("HTTP/1.1 200 OK\r\n\r\nhello");
      await(seen);
      connection.reset();
    });
    RawClient client = connect().send(GET);
    client.readHead();
    assertThat(client.readChunk()).isEqualTo("hello");
    seen.countDown();
    assertThatThrownBy(client::readChunk).isInstanceOf(IOException.class);
  }

  // ---- Answers that make no sense.

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
      })
  void anAnswerThatCannotBeReadIsABadGateway(String answer) throws Exception {
    ready(Backend.answer(answer));
    RawClient client = connect().send(GET);
    assertThat(client.read().status()).isEqualTo(502);
    client.awaitEnd();
  }

  @Test
  void aHugeHeadIsABadGateway() throws Exception {
    ready(connection -> {
      connection.readHead();
      connection.write("HTTP/1.1 200 OK\r\nX-A: " + "a".repeat(200_000) + "\r\n\r\n");
    });
    assertThat(connect().send(GET).read().status()).isEqualTo(502);
  }

  @Test
  void anAnswerToNothingIsNotTheNextRequests() throws Exception {
    Backend backend = ready(Backend.answer(OK + OK.replace("ok", "no")));
    RawClient client = connect();
    for (int i = 0; i < 3; i++) {
      assertThat(client.send(GET).read().body()).isEqualTo("ok");
    }
    assertThat(backend.connected()).isEqualTo(3);
  }
}
