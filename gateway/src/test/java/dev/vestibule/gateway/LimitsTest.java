package dev.vestibule.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.gateway.Passage.Outcome;
import dev.vestibule.gateway.http.HeldBytes;
import dev.vestibule.testkit.RawClient;
import dev.vestibule.testkit.RawClient.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** How many at once, and what is noted of each. */
class LimitsTest extends GatewayScene {

  private static final String GET = RawClient.request("GET / HTTP/1.1", "Host: localhost");

  private static final String CLOSES_AFTER = "Host: localhost\r\nConnection: close\r\n\r\n";

  private static final List<String> ENDS =
      List.of(
          GET,
          RawClient.request("GET /end HTTP/1.1", "Host: localhost"),
          RawClient.request("GET /half HTTP/1.1", "Host: localhost"),
          RawClient.request("GET /garbage HTTP/1.1", "Host: localhost"),
          RawClient.request("GET / HTTP/1.1"),
          RawClient.handshake("/end"),
          RawClient.handshake("/garbage"),
          RawClient.handshake("/silent"),
          RawClient.handshake("/close"),
          RawClient.handshake("/chat").replace(RawClient.KEY, "none"));

  @Test
  void whoComesWhenAllConnectionsAreTakenIsServedWhenOneLeaves() throws Exception {
    limits = Varied.counts(limits, 2, 10, 10);
    ready(Backend.echo());
    RawClient first = open("/chat");
    open("/chat");
    for (int i = 0; i < 20; i++) {
      RawClient next = connect().send(RawClient.handshake("/chat"));
      if (i == 0) {
        assertThat(next.hearsNothingFor(Duration.ofMillis(100))).isTrue();
      }
      first.close();
      assertThat(next.read().status()).isEqualTo(101);
      first = next;
    }
  }

  @Test
  void oneAddressCannotTakeAllPlaces() throws Exception {
    limits = Varied.counts(limits, 100, 10, 2);
    Backend backend = backend(Backend.echo());
    start(backend.address());
    upstream().start();
    RawClient one = connect().send(RawClient.handshake("/chat"));
    RawClient two = connect().send(RawClient.handshake("/chat"));
    eventually("they wait", () -> waiting() == 2);
    Answer third = connect().send(RawClient.handshake("/chat")).read();
    assertThat(third.status()).isEqualTo(503);
    assertThat(third.body()).contains("FULL");
    assertThat(Integer.parseInt(third.header("retry-after"))).isPositive();
    isReady();
    assertThat(one.read().status()).isEqualTo(101);
    assertThat(two.read().status()).isEqualTo(101);
  }

  @Test
  void longHeadsOfManyWhoWaitAreBounded() throws Exception {
    held = new HeldBytes(30_000);
    Backend backend = backend(Backend.echo());
    start(backend.address());
    upstream().start();
    String longHead = RawClient.handshake("/chat", "X-A: " + "a".repeat(12_000));
    RawClient one = connect().send(longHead);
    RawClient two = connect().send(longHead);
    eventually("they wait", () -> waiting() == 2);
    expectFull(longHead);
    expectFull(RawClient.request("GET / HTTP/1.1", "Host: a", "X-A: " + "a".repeat(12_000)));
    two.close();
    eventually("one is gone", () -> waiting() == 1);
    RawClient three = connect().send(longHead);
    eventually("another waits", () -> waiting() == 2);
    isReady();
    assertThat(one.read().status()).isEqualTo(101);
    assertThat(three.read().status()).isEqualTo(101);
    // Nothing of those who are in.
    upstream().lost(upstream().startup(), new IllegalStateException("away"));
    connect().send(longHead);
    connect().send(longHead);
    eventually("both wait", () -> waiting() == 2);
  }

  private void expectFull(String request) throws Exception {
    Answer answer = connect().send(request).read();
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).contains("FULL");
  }

  @Test
  void whatComesEarlyIsBounded() throws Exception {
    held = new HeldBytes(1_000);
    Backend backend = backend(Backend.echo());
    start(backend.address());
    upstream().start();
    String early = RawClient.handshake("/chat") + "a".repeat(1_000);
    Answer answer = connect().send(early).read();
    assertThat(answer.status()).isEqualTo(503);
    assertThat(Integer.parseInt(answer.header("retry-after"))).isPositive();
    connect().send(RawClient.handshake("/chat"));
    eventually("it waits", () -> waiting() == 1);
  }

  @Test
  void eachIsNotedOnceHoweverItEnds() throws Exception {
    answerTimeout = Duration.ofMillis(200);
    limits = Varied.counts(limits, 100, 10, 10);
    Backend backend = backend(LimitsTest::byPath);
    start(backend.address());
    upstream().start();
    RawClient leaves = connect().send(RawClient.handshake("/chat"));
    RawClient waits = connect().send(GET);
    eventually("they wait", () -> waiting() == 2);
    leaves.close();
    eventually("one is gone", () -> waiting() == 1);
    isReady();
    assertThat(waits.read().status()).isEqualTo(200);
    for (String request : ENDS) {
      RawClient client = connect().send(request.replace("Host: localhost\r\n\r\n", CLOSES_AFTER));
      client.awaitEnd();
    }
    upstream().gate().drain();
    connect().send(GET).read();
    connect().send(RawClient.handshake("/chat")).awaitEnd();

    eventually("all are noted", () -> passages.size() >= ENDS.size() + 4);
    Map<Outcome, Long> counted =
        passages.stream().collect(Collectors.groupingBy(Passage::outcome, Collectors.counting()));
    assertThat(counted)
        .containsEntry(Outcome.LEFT, 1L)
        .containsEntry(Outcome.REJECTED, 2L)
        .containsEntry(Outcome.REFUSED, 2L)
        .containsEntry(Outcome.FAILED, 6L)
        .containsEntry(Outcome.PASSED, 3L);
  }

  private static void byPath(Backend.Connection connection) throws java.io.IOException {
    String path = connection.readHead().split(" ", 3)[1];
    switch (path) {
      case "/end" -> connection.end();
      case "/half" -> connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
      case "/garbage" -> connection.write("nonsense\r\n\r\n");
      case "/silent" -> connection.readToEnd();
      case "/close" -> {
        connection.accept();
        connection.write(new byte[] {(byte) 0x88, 2, 0x03, (byte) 0xE8});
      }
      default ->
          connection.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
    }
    connection.end();
  }
}
