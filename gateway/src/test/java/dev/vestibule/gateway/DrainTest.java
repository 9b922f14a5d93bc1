package dev.vestibule.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.RouteState;
import dev.vestibule.gateway.Backend.Connection;
import dev.vestibule.testkit.RawClient;
import dev.vestibule.testkit.RawClient.Answer;
import dev.vestibule.testkit.RawClient.Close;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The gateway goes away: what is under way ends well, and what comes is refused. */
class DrainTest extends GatewayScene {

  private static final String GET = RawClient.request("GET / HTTP/1.1", "Host: localhost");

  private final CountDownLatch goOn = new CountDownLatch(1);

  private Thread drain() {
    Thread drain =
        Thread.ofVirtual()
            .start(() -> {
              try {
                gateway().drain(false);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    eventually(
        "newcomers are refused",
        () -> upstream().gate().routes().getFirst().state() == RouteState.REFUSE);
    return drain;
  }

  private static boolean lasts(Thread drain) throws InterruptedException {
    return !drain.join(Duration.ofMillis(200));
  }

  private void pause() throws IOException {
    try {
      assertThat(goOn.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private void halfAnAnswer(Connection connection) throws IOException {
    connection.readHead();
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nha");
    pause();
    connection.write("lf");
  }

  @Test
  void anAnswerThatHasBegunIsNotCut() throws Exception {
    Backend backend = ready(this::halfAnAnswer);
    RawClient client = connect().send(GET);
    backend.next();
    Thread drain = drain();
    assertThat(connect().send(GET).read().body()).contains("DRAINING");

    assertThat(lasts(drain)).isTrue();
    goOn.countDown();

    assertThat(client.read().body()).isEqualTo("half");
    client.awaitEnd();
    assertThat(drain.join(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void anAnswerThatHasNotBegunIsTheLastOfItsConnection() throws Exception {
    Backend backend =
        ready(connection -> {
          connection.readHead();
          pause();
          connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
    RawClient client = connect().send(GET);
    backend.next();
    Thread drain = drain();
    assertThat(lasts(drain)).isTrue();
    goOn.countDown();

    Answer answer = client.read();
    assertThat(answer.body()).isEqualTo("ok");
    assertThat(answer.header("connection")).isEqualTo("close");
    client.awaitEnd();
    assertThat(drain.join(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void aHandshakeThatIsUnderWayBecomesASessionThatIsClosed() throws Exception {
    Backend backend =
        ready(connection -> {
          connection.readHead();
          pause();
          connection.accept();
          connection.echo();
        });
    RawClient client = connect().send(RawClient.handshake("/chat"));
    backend.next();
    Thread drain = drain();
    assertThat(lasts(drain)).isTrue();
    goOn.countDown();

    assertThat(client.read().status()).isEqualTo(101);
    assertThat(client.readCloseFrame()).isEqualTo(new Close(1012, "the server is restarting"));
    client.send(RawClient.close(1012));
    client.awaitEnd();
    assertThat(drain.join(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void whoWaitsIsToldAndWhoIsIdleIsNotWaitedFor() throws Exception {
    Backend backend = ready(Backend.answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    RawClient idle = connect();
    assertThat(idle.send(GET).read().body()).isEqualTo("ok");
    upstream().lost(upstream().startup(), new IllegalStateException("away"));
    RawClient waits = connect().send(RawClient.handshake("/chat"));
    eventually("it waits", () -> waiting() == 1);

    Thread drain = drain();

    assertThat(drain.join(Duration.ofSeconds(4))).isTrue();
    assertThat(waits.read().body()).contains("DRAINING");
    assertThat(backend.connected()).isOne();
  }
}
