package dev.vestibule.gateway.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.gateway.Backend;
import dev.vestibule.gateway.GatewayScene;
import dev.vestibule.testkit.RawClient;
import dev.vestibule.testkit.RawClient.Answer;
import org.junit.jupiter.api.Test;

class PlainTest extends GatewayScene {

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private static String get(String path) {
    return RawClient.request("GET " + path + " HTTP/1.1", "Host: localhost");
  }

  @Test
  void requestsPassOneAfterTheOtherOnOneConnection() throws Exception {
    Backend backend = ready(Backend.answer(OK));
    RawClient client = connect();
    for (int i = 0; i < 3; i++) {
      Answer answer = client.send(get("/" + i)).read();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("ok");
    }
    assertThat(backend.connected()).isEqualTo(1);
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws Exception {
    ready(connection -> {
      for (String head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
        String path = head.split(" ", 3)[1];
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + path);
      }
    });
    RawClient client = connect().send(get("/1") + get("/2") + get("/3"));
    assertThat(client.read().body()).isEqualTo("/1");
    assertThat(client.read().body()).isEqualTo("/2");
    assertThat(client.read().body()).isEqualTo("/3");
  }

  @Test
  void aHeadHasALengthAndNoBody() throws Exception {
    ready(Backend.answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"));
    RawClient client = connect();
    client.send(RawClient.request("HEAD / HTTP/1.1", "Host: localhost"));
    assertThat(client.readHead().header("content-length")).isEqualTo("5");
    client.send(RawClient.request("HEAD / HTTP/1.1", "Host: localhost"));
    assertThat(client.readHead().status()).isEqualTo(200);
  }

  @Test
  void aRequestIsHeldAndItsBodyIsNotLost() throws Exception {
    Backend backend =
        backend(connection -> {
          connection.readHead();
          byte[] body = connection.read(5);
          connection.write(
              "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + new String(body, ISO_8859_1));
        });
    start(backend.address());
    upstream().start();
    RawClient client = connect();
    client.send(
        RawClient.request("POST / HTTP/1.1", "Host: localhost", "Content-Length: 5") + "he");
    eventually("it waits", () -> waiting() == 1);
    client.send("llo");
    isReady();
    assertThat(client.read().body()).isEqualTo("hello");
  }

  @Test
  void anInterimAnswerComesBeforeTheBody() throws Exception {
    ready(connection -> {
      connection.readHead();
      connection.write("HTTP/1.1 100 Continue\r\n\r\n");
      connection.read(5);
      connection.write(OK);
    });
    RawClient client =
        connect()
            .send(
                RawClient.request(
                    "POST / HTTP/1.1",
                    "Host: localhost",
                    "Content-Length: 5",
                    "Expect: 100-continue"));
    assertThat(client.readHead().status()).isEqualTo(100);
    assertThat(client.send("hello").read().status()).isEqualTo(200);
  }

  @Test
  void aServerThatEndsWithoutAnAnswerIsABadGateway() throws Exception {
    Backend backend =
        ready(connection -> {
          connection.readHead();
          connection.end();
        });
    assertThat(connect().send(get("/")).read().status()).isEqualTo(502);
    assertThat(backend.connected()).isEqualTo(4);
  }

  @Test
  void aBrokenRequestIsRejectedAndTheConnectionEnds() throws Exception {
    ready(Backend.answer(OK));
    RawClient client = connect().send("NONSENSE\r\n\r\n");
    assertThat(client.read().status()).isEqualTo(400);
    client.awaitEnd();
  }
}
