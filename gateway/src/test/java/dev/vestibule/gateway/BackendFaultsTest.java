package dev.vestibule.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Reason;
import dev.vestibule.gateway.Backend.Behaviour;
import dev.vestibule.gateway.Passage.Outcome;
import dev.vestibule.testkit.ManualTime;
import dev.vestibule.testkit.RawClient;
import dev.vestibule.testkit.RawClient.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Servers that fail while somebody is let in: each arrival ends with 101 or a truthful answer. */
class BackendFaultsTest extends GatewayScene {

  private static final int MANY = 50;
  private static final String GET = RawClient.request("GET / HTTP/1.1", "Host: localhost");
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private void expectAnswer(Behaviour behaviour, int status, int attempts) throws Exception {
    Backend backend = ready(behaviour);
    RawClient client = connect().send(RawClient.handshake("/chat"));
    Answer answer = client.read();
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
    client.awaitEnd();
    assertThat(backend.connected()).isEqualTo(attempts);
    assertThat(passage().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(passages).hasSize(1);
  }

  @Test
  void whatClosesEachConnectionIsABadGateway() throws Exception {
    expectAnswer(Backend.Connection::end, 502, 4);
  }

  @Test
  void whatResetsEachConnectionIsABadGateway() throws Exception {
    ready(Backend.Connection::reset);
    for (int i = 0; i < 20; i++) {
      // Now and then the reset comes before the connection is there.
      assertThat(connect().send(RawClient.handshake("/chat")).read().status()).isEqualTo(502);
    }
    eventually("all are noted", () -> passages.size() == 20);
  }

  @Test
  void whatReadsAndClosesIsABadGateway() throws Exception {
    expectAnswer(
        connection -> {
          connection.readHead();
          connection.end();
        },
        502,
        4);
  }

  @Test
  void whatSaysNothingIsATimeout() throws Exception {
    answerTimeout = Duration.ofMillis(200);
    expectAnswer(connection -> connection.readToEnd(), 504, 1);
  }

  @Test
  void whatSaysHalfAHeadIsATimeout() throws Exception {
    answerTimeout = Duration.ofMillis(200);
    expectAnswer(
        connection -> {
          connection.write("HTTP/1.1 101 Switching Protocols\r\nUpgr");
          connection.readToEnd();
        },
        504,
        1);
  }

  @Test
  void whatOnlyHintsIsATimeout() throws Exception {
    answerTimeout = Duration.ofMillis(200);
    expectAnswer(
        connection -> {
          connection.write("HTTP/1.1 103 Early Hints\r\n\r\n");
          connection.readToEnd();
        },
        504,
        1);
  }

  @Test
  void whatClosesWithinAHeadIsABadGateway() throws Exception {
    expectAnswer(
        connection -> {
          connection.write("HTTP/1.1 101 Switching Protocols\r\nUpgr");
          connection.end();
        },
        502,
        1);
  }

  @Test
  void aHugeHeadIsABadGateway() throws Exception {
    expectAnswer(
        connection -> {
          connection.write("HTTP/1.1 401 No\r\nX-A: " + "a".repeat(200_000) + "\r\n\r\n");
        },
        502,
        1);
  }

  // ---- It is away.

  @Test
  void manyWhoFindNobodyBeginOneStartAndGetIn() throws Exception {
    int port = Backend.freePort();
    start(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    isReady();
    AtomicInteger starts = new AtomicInteger();
    upstream().listen((which, startup) -> starts.incrementAndGet());
    List<RawClient> all = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      all.add(connect());
    }
    for (RawClient client : all) {
      client.send(RawClient.handshake("/chat"));
    }
    expectAllGetIn(all, port, starts);
  }

  @Test
  void whoIsInTheHandshakeWhenItIsKilledGetsInAtTheNextStart() throws Exception {
    Backend killed = ready(connection -> connection.readToEnd());
    AtomicInteger starts = new AtomicInteger();
    upstream().listen((which, startup) -> starts.incrementAndGet());
    List<RawClient> all = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      all.add(connect().send(RawClient.handshake("/chat")));
    }
    for (int i = 0; i < MANY; i++) {
      killed.next();
    }
    killed.kill();
    expectAllGetIn(all, killed.port(), starts);
  }

  private void expectAllGetIn(List<RawClient> all, int port, AtomicInteger starts)
      throws IOException {
    eventually("all wait", () -> waiting() == MANY);
    assertThat(starts).hasValue(1);
    opened.add(Backend.at(port, Backend.echo()));
    isReady();
    for (RawClient client : all) {
      assertThat(client.read().status()).isEqualTo(101);
    }
    assertThat(starts).hasValue(1);
    assertThat(passages).isEmpty();
  }

  @Test
  void whoIsPutBackKeepsItsDeadline() throws Exception {
    ManualTime time = new ManualTime();
    ticker = time;
    scheduler = time;
    start(new InetSocketAddress(InetAddress.getLoopbackAddress(), Backend.freePort()));
    upstream().start();
    RawClient client = connect().send(RawClient.handshake("/chat"));
    eventually("it waits", () -> waiting() == 1);
    time.advance(Duration.ofSeconds(20));
    var first = upstream().startup();

    isReady();

    eventually("nobody was there", () -> upstream().startup() != first && waiting() == 1);
    time.advance(Duration.ofMillis(9_999));
    assertThat(waiting()).isOne();
    time.advance(Duration.ofMillis(1));
    Answer answer = client.read();
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).contains("BUDGET_SPENT");
    assertThat(Integer.parseInt(answer.header("retry-after"))).isPositive();
    assertThat(passage().reason()).isEqualTo(Reason.BUDGET_SPENT);
    assertThat(passage().duration()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void whoWasIdleBetweenTwoRequestsHasNotWaited() throws Exception {
    ManualTime time = new ManualTime();
    ticker = time;
    scheduler = time;
    ready(Backend.answer(OK));
    RawClient client = connect();
    assertThat(client.send(GET).read().body()).isEqualTo("ok");
    eventually("it is noted", () -> passages.size() == 1);
    upstream().lost(upstream().startup(), new IllegalStateException("away"));
    time.advance(Duration.ofSeconds(29));
    client.send(GET);
    eventually("it waits", () -> waiting() == 1);
    time.advance(Duration.ofSeconds(29));
    assertThat(waiting()).isOne();
    isReady();
    assertThat(client.read().body()).isEqualTo("ok");
    eventually("it is noted", () -> passages.size() == 2);
    assertThat(passages.getLast().waited()).isEqualTo(Duration.ofSeconds(29));
  }

  @Test
  void whoWaitsWhenItIsGivenUpIsRefused() throws Exception {
    start(new InetSocketAddress(InetAddress.getLoopbackAddress(), Backend.freePort()));
    upstream().start();
    RawClient client = connect().send(RawClient.handshake("/chat"));
    eventually("it waits", () -> waiting() == 1);
    upstream().gaveUp(new IllegalStateException("exit code 3"));
    Answer answer = client.read();
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).contains("STARTUP_FAILED").doesNotContain("exit code");
  }

  // ---- A connection that rested.

  @Test
  void aGetIsRepeatedWhenTheConnectionThatItReusedIsEnded() throws Exception {
    Backend backend =
        ready(connection -> {
          connection.readHead();
          connection.write(OK);
          connection.readHead();
          connection.end();
        });
    RawClient client = connect();
    assertThat(client.send(GET).read().body()).isEqualTo("ok");
    assertThat(client.send(GET).read().body()).isEqualTo("ok");
    assertThat(backend.connected()).isEqualTo(2);
  }

  @Test
  void aPostIsNotRepeatedAndNotTriedWhereItMayBeLost() throws Exception {
    AtomicInteger posts = new AtomicInteger();
    Backend backend =
        ready(connection -> {
          for (String head = connection.readHead(); !head.isEmpty(); ) {
            if (head.startsWith("POST")) {
              posts.incrementAndGet();
              connection.end();
              return;
            }
            connection.write(OK);
            head = connection.readHead();
          }
        });
    RawClient client = connect();
    assertThat(client.send(GET).read().body()).isEqualTo("ok");
    client.send(RawClient.request("POST / HTTP/1.1", "Host: a", "Content-Length: 0"));
    assertThat(client.read().status()).isEqualTo(502);
    assertThat(posts).hasValue(1);
    assertThat(backend.connected()).isEqualTo(2);
  }

  @Test
  void aConnectionThatTheServerEndedMeanwhileIsNotUsed() throws Exception {
    Backend backend =
        ready(connection -> {
          connection.readHead();
          connection.write(OK);
          connection.end();
        });
    RawClient client = connect();
    for (int i = 1; i <= 20; i++) {
      assertThat(client.send(GET).read().body()).isEqualTo("ok");
    }
    assertThat(backend.connected()).isEqualTo(20);
  }
}
