package dev.vestibule.gateway.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.gateway.Backend;
import dev.vestibule.gateway.Backend.Connection;
import dev.vestibule.gateway.GatewayScene;
import dev.vestibule.gateway.Passage.Kind;
import dev.vestibule.gateway.Passage.Outcome;
import dev.vestibule.gateway.Varied;
import dev.vestibule.gateway.config.RouteSettings.Holds;
import dev.vestibule.testkit.RawClient;
import dev.vestibule.testkit.RawClient.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Requests of every kind, and clients that do not finish them. */
class RequestsPassTest extends GatewayScene {

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private static String get(String path) {
    return RawClient.request("GET " + path + " HTTP/1.1", "Host: localhost");
  }

  private static String post(String... headers) {
    String[] all = new String[headers.length + 2];
    all[0] = "POST / HTTP/1.1";
    all[1] = "Host: localhost";
    System.arraycopy(headers, 0, all, 2, headers.length);
    return RawClient.request(all);
  }

  @Test
  void chunksAndTrailersPass() throws Exception {
    Backend backend =
        ready(connection -> {
          connection.readHead();
          String end = "0\r\nDigest: abc\r\n\r\n";
          StringBuilder body = new StringBuilder();
          while (!body.toString().endsWith(end)) {
            body.append((char) connection.in().read());
          }
          connection.write(
              "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        });
    RawClient client = connect();
    client.send(post("Transfer-Encoding: chunked", "Trailer: Digest") + "5\r\nhello\r\n");
    client.send("1\r\n!\r\n0\r\nDigest: abc\r\n\r\n");
    assertThat(client.read().body()).isEqualTo("5\r\nhello\r\n1\r\n!\r\n0\r\nDigest: abc\r\n\r\n");
    assertThat(backend.next().heads().getFirst())
        .containsIgnoringCase("transfer-encoding: chunked");
  }

  @Test
  void noTrailerSaysWhoAsksOrWhereItEnds() throws Exception {
    Backend backend =
        ready(connection -> {
          connection.readHead();
          connection.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
          connection.keepRest();
        });
    RawClient client =
        connect()
            .send(
                RawClient.request(
                        "POST / HTTP/1.1", "Host: localhost", "Transfer-Encoding: chunked")
                    + "0\r\nX-Forwarded-For: 6.6.6.6\r\nx_real_ip: 6.6.6.6\r\nHost: evil\r\n"
                    + "Connection: close\r\nX-Sum: 1\r\n\r\n");
    assertThat(client.read().status()).isEqualTo(200);
    Connection connection = backend.next();
    client.close();
    assertThat(connection.rest()).isEqualToIgnoringCase("0\r\nX-Sum: 1\r\n\r\n");
  }

  @Test
  void no100ComesBeforeItIsLetIn() throws Exception {
    Backend backend =
        backend(connection -> {
          connection.readHead();
          connection.write("HTTP/1.1 100 Continue\r\n\r\n");
          connection.read(5);
          connection.write(OK);
        });
    start(backend.address());
    upstream().start();
    RawClient client = connect().send(post("Content-Length: 5", "Expect: 100-continue"));
    eventually("it waits", () -> waiting() == 1);
    assertThat(client.hearsNothingFor(Duration.ofMillis(50))).isTrue();
    isReady();
    assertThat(client.readHead().status()).isEqualTo(100);
    assertThat(client.send("hello").read().status()).isEqualTo(200);
  }

  @Test
  void anAnswerBeforeTheBodyIsWholeReachesAClientThatStillSends() throws Exception {
    Backend backend =
        ready(connection -> {
          connection.readHead();
          connection.read(1000);
          connection.write("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig");
          // With unread bytes: a reset follows.
          connection.end();
        });
    for (int i = 0; i < 10; i++) {
      RawClient client = connect().send(post("Content-Length: 100000000"));
      trySend(client, new byte[500_000]);
      Answer answer = client.read();
      assertThat(answer.status()).isEqualTo(413);
      assertThat(answer.body()).isEqualTo("big");
      client.awaitEnd();
    }
    assertThat(backend.connected()).isEqualTo(10);
  }

  private static void trySend(RawClient client, byte[] bytes) {
    try {
      client.send(bytes);
    } catch (IOException e) {
      // Answered and ended meanwhile.
    }
  }

  @Test
  void aBodyThatStopsIsAnswered408() throws Exception {
    limits = Varied.idleTimeout(limits, Duration.ofMillis(200));
    Backend backend = ready(RequestsPassTest::keepAll);
    RawClient client = connect().send(post("Content-Length: 5") + "he");
    assertThat(client.read().status()).isEqualTo(408);
    client.awaitEnd();
    assertThat(backend.next().rest()).isEqualTo("he");
    assertThat(passage().outcome()).isEqualTo(Outcome.REJECTED);
  }

  @Test
  void aBodyThatStopsBehindTheBeginningOfAnAnswerCutsThat() throws Exception {
    limits = Varied.idleTimeout(limits, Duration.ofMillis(200));
    ready(connection -> {
      connection.readHead();
      connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n");
      connection.keepRest();
    });
    RawClient client = connect().send(post("Content-Length: 5") + "he");
    client.readHead();
    assertThat(client.readToEnd()).isEqualTo("2\r\nok\r\n");
  }

  private static void keepAll(Connection connection) throws IOException {
    connection.readHead();
    connection.keepRest();
  }

  @Test
  void aClientThatLeavesWithinItsBodyTakesTheServersConnectionAlong() throws Exception {
    Backend backend = ready(RequestsPassTest::keepAll);
    RawClient client = connect().send(post("Content-Length: 5") + "he");
    Connection connection = backend.next();
    eventually("it is passed on", () -> !connection.heads().isEmpty());
    client.close();
    connection.rest();
    assertThat(passage().outcome()).isEqualTo(Outcome.LEFT);
  }

  // ---- One connection, several requests.

  @Test
  void anIdleConnectionIsClosedWithoutAWord() throws Exception {
    limits = Varied.idleTimeout(limits, Duration.ofMillis(100));
    ready(Backend.answer(OK));
    RawClient client = connect();
    assertThat(client.send(get("/")).read().status()).isEqualTo(200);
    assertThat(client.readToEnd()).isEmpty();
  }

  @Test
  void aPipelinedUpgradeComesAfterTheAnswersBeforeIt() throws Exception {
    ready(connection -> {
      String head = connection.readHead();
      while (!head.contains("websocket")) {
        connection.write(OK);
        head = connection.readHead();
      }
      connection.accept();
      connection.echo();
    });
    RawClient client = connect();
    client.send(
        get("/1")
            + get("/2")
            + RawClient.handshake("/chat")
            + new String(RawClient.frame("early"), ISO_8859_1));
    assertThat(client.read().body()).isEqualTo("ok");
    assertThat(client.read().body()).isEqualTo("ok");
    assertThat(client.read().status()).isEqualTo(101);
    assertThat(client.readText()).isEqualTo("early");
  }

  @Test
  void pipelinedRequestsWithBodiesAreNotMixedUp() throws Exception {
    ready(connection -> {
      for (String head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
        boolean body = head.startsWith("POST");
        String answer = body ? new String(connection.read(5), ISO_8859_1) : "empty";
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + answer);
      }
    });
    RawClient client = connect();
    client.send(
        post("Content-Length: 5") + "first" + get("/") + post("Content-Length: 5") + "third");
    for (String expected : List.of("first", "empty", "third")) {
      assertThat(client.read().body()).isEqualTo(expected);
    }
    assertThat(passages).hasSizeGreaterThanOrEqualTo(2).allMatch(it -> it.kind() == Kind.REQUEST);
  }

  @Test
  void aThousandPipelinedRequestsAreAnsweredAndNotedOnceEach() throws Exception {
    ready(Backend.answer(OK));
    RawClient client = connect().send(get("/").repeat(1000));
    for (int i = 0; i < 1000; i++) {
      assertThat(client.read().body()).isEqualTo("ok");
    }
    eventually("all are noted", () -> passages.size() >= 1000);
    assertThat(passages).hasSize(1000).allMatch(it -> it.outcome() == Outcome.PASSED);
  }

  // ---- Held and refused.

  @Test
  void whereOnlyUpgradesAreHeldOthersAreRefusedAtOnce() throws Exception {
    holds = Holds.UPGRADES;
    Backend backend = backend(Backend.echo());
    start(backend.address());
    upstream().start();
    RawClient upgrade = connect().send(RawClient.handshake("/chat"));
    eventually("it waits", () -> waiting() == 1);
    RawClient client = connect().send(get("/"));
    Answer answer = client.read();
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
    assertThat(Integer.parseInt(answer.header("retry-after"))).isPositive();
    assertThat(client.send(get("/")).read().status()).isEqualTo(503);
    isReady();
    assertThat(upgrade.read().status()).isEqualTo(101);
  }

  @Test
  void whereOnlyUpgradesAreHeldOthersPassWhileTheseAreLetInOneByOne() throws Exception {
    holds = Holds.UPGRADES;
    pace = 1;
    CountDownLatch goOn = new CountDownLatch(1);
    Backend backend =
        backend(connection -> {
          if (connection.readHead().startsWith("GET /chat")) {
            await(goOn);
            connection.accept();
            connection.echo();
          } else {
            connection.write(OK);
          }
        });
    start(backend.address());
    upstream().start();
    RawClient one = connect().send(RawClient.handshake("/chat"));
    RawClient two = connect().send(RawClient.handshake("/chat"));
    // Both in line: who only has its seat would not be let in at a pace.
    eventually("they wait", () -> upstream().gate().snapshot().routes().getFirst().waiting() == 2);
    isReady();
    eventually("one is let in", () -> waiting() == 1);

    RawClient other = connect().send(RawClient.request("GET / HTTP/1.1", "Host: localhost"));

    assertThat(other.read().status()).isEqualTo(200);
    goOn.countDown();
    assertThat(one.read().status()).isEqualTo(101);
    assertThat(two.read().status()).isEqualTo(101);
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void theServerIsToldWhoAsks() throws Exception {
    Backend backend = ready(Backend.answer(OK));
    connect()
        .send(RawClient.request("GET / HTTP/1.1", "Host: chat.example", "X-Forwarded-For: 1.2.3.4"))
        .read();
    assertThat(backend.next().heads().getFirst())
        .containsIgnoringCase("x-forwarded-for: 127.0.0.1\r\n")
        .containsIgnoringCase("x-forwarded-proto: http\r\n")
        .containsIgnoringCase("x-forwarded-host: chat.example\r\n")
        .containsIgnoringCase("forwarded: for=127.0.0.1;host=\"chat.example\";proto=http\r\n")
        .doesNotContain("1.2.3.4");
  }
}
