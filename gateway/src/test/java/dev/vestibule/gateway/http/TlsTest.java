package dev.vestibule.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vestibule.gateway.Backend;
import dev.vestibule.gateway.Certificate;
import dev.vestibule.gateway.GatewayScene;
import dev.vestibule.gateway.Passage.Outcome;
import dev.vestibule.gateway.Varied;
import dev.vestibule.testkit.RawClient;
import dev.vestibule.testkit.RawClient.Close;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that come over TLS. */
class TlsTest extends GatewayScene {

  private static final String GET = RawClient.request("GET / HTTP/1.1", "Host: localhost");

  @TempDir private static Path directory;
  private static Certificate certificate;

  @BeforeAll
  static void makeCertificate() throws Exception {
    certificate = Certificate.in(directory);
  }

  @BeforeEach
  void useIt() throws Exception {
    tls = certificate.files();
  }

  private RawClient secure() throws Exception {
    RawClient client = RawClient.over(certificate.connect(gateway().address().getPort()));
    clients.add(client);
    return client;
  }

  @Test
  void requestsPassAndTheServerIsToldThatTheyWereSecure() throws Exception {
    Backend backend = ready(Backend.answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    RawClient client = secure();
    for (int i = 0; i < 2; i++) {
      assertThat(client.send(GET).read().body()).isEqualTo("ok");
    }
    assertThat(backend.next().heads().getFirst())
        .containsIgnoringCase("x-forwarded-proto: https\r\n")
        .containsIgnoringCase("proto=https\r\n");
  }

  @Test
  void aHandshakeIsHeldAndGetsIn() throws Exception {
    Backend backend = backend(Backend.echo());
    start(backend.address());
    upstream().start();
    RawClient client = secure().send(RawClient.handshake("/chat"));
    client.send(RawClient.frame("early"));
    eventually("it waits", () -> waiting() == 1);
    isReady();
    assertThat(client.read().status()).isEqualTo(101);
    assertThat(client.readText()).isEqualTo("early");
    backend.kill();
    assertThat(client.readCloseFrame()).isEqualTo(new Close(1014, "the server is gone"));
    assertThat(client.readToEnd()).isEmpty();
  }

  @Test
  void whoLeavesWhileHeldFreesItsPlace() throws Exception {
    Backend backend = backend(Backend.echo());
    start(backend.address());
    upstream().start();
    RawClient client = secure().send(RawClient.handshake("/chat"));
    eventually("it waits", () -> waiting() == 1);
    client.close();
    eventually("its place is free", () -> waiting() == 0);
    assertThat(passage().outcome()).isEqualTo(Outcome.LEFT);
    assertThat(backend.connected()).isZero();
  }

  @Test
  void theEndOfAnAnswerIsSaid() throws Exception {
    ready(
        Backend.answer(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"));
    // Without TLS's own farewell this is an exception: somebody may have cut the rest off.
    assertThat(secure().send("GET / HTTP/1.0\r\n\r\n").readToEnd()).endsWith("\r\n\r\nhello");
  }

  @Test
  void halfAnAnswerIsSeenToBeOne() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    ready(connection -> {
      connection.readHead();
      connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
      await(seen);
      connection.end();
    });
    RawClient client = secure().send("GET / HTTP/1.0\r\n\r\n");
    client.readHead();
    client.readBytes(5);
    seen.countDown();
    assertThatThrownBy(client::readToEnd).isInstanceOf(IOException.class);
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
  void largeAnswersPass() throws Exception {
    int bytes = 5_000_000;
    ready(connection -> {
      connection.readHead();
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + bytes + "\r\n\r\n");
      connection.write(new byte[bytes]);
      connection.end();
    });
    RawClient client = secure().send(GET);
    client.readHead();
    assertThat(client.readBytes(bytes)).hasSize(bytes);
  }

  @Test
  void whoSpeaksNoTlsIsSentAwayAndOthersAreServed() throws Exception {
    ready(Backend.answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    connect().send(GET).awaitEnd();
    RawClient silent = connect();
    assertThat(silent.hearsNothingFor(Duration.ofMillis(50))).isTrue();
    assertThat(secure().send(GET).read().body()).isEqualTo("ok");
  }

  @Test
  void aHandshakeHasNoMoreTimeThanARequestsHead() throws Exception {
    limits = Varied.headerTimeout(limits, Duration.ofMillis(200));
    ready(Backend.answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    RawClient silent = connect();
    eventually("it is there", () -> gateway().clients() == 1);
    long began = System.nanoTime();
    silent.awaitEnd();
    // Not after the ten seconds that Netty would give it.
    assertThat(System.nanoTime() - began).isLessThan(Duration.ofSeconds(5).toNanos());
  }
}
