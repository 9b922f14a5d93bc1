package dev.vestibule.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SmallServerTest {

  private static final Duration LONG = Duration.ofHours(1);

  private final House house = new House();
  private SmallServer server = serve(new Echo(), LONG);

  private SmallServer serve(Site site, Duration patience) {
    try {
      return SmallServer.at(house.group, House.ANY_PORT, site, patience);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void serveInstead(Site site, Duration patience) {
    server.close();
    server = serve(site, patience);
  }

  private Raw client() throws IOException {
    return Raw.to((InetSocketAddress) server.address());
  }

  private String answer(String sent) throws IOException {
    try (Raw raw = client()) {
      return raw.send(sent).answer();
    }
  }

  @AfterEach
  void close() {
    server.close();
    house.close();
  }

  /** Says how long the body was. */
  private static class Echo implements Site {
    @Override
    public int mostBytes() {
      return 1000;
    }

    @Override
    public Executor on(Asked asked) {
      return Runnable::run;
    }

    @Override
    public Answer answer(Asked asked) {
      return Answer.json(200, asked.path() + " " + asked.body().remaining());
    }
  }

  @Test
  void oneRequestIsAnsweredPerConnection() throws Exception {
    String one = "GET /one?x=1 HTTP/1.1\r\nHost: a\r\n\r\n";
    String answer = answer(one + one + one);
    assertThat(answer.split("HTTP/1.1 200 OK", -1)).hasSize(2);
    assertThat(answer).contains("connection: close").endsWith("/one 0");
  }

  @Test
  void whoHasNothingMoreToSayIsAnsweredStill() throws Exception {
    try (Raw raw = client()) {
      assertThat(raw.get("/x").nothingMore().answer()).endsWith("/x 0");
    }
    try (Raw raw = client()) {
      assertThat(raw.send("GET /x HT").nothingMore().answer()).isEmpty();
    }
  }

  @Test
  void tooLongIsRefusedInWords() throws Exception {
    assertThat(answer("GET /" + "x".repeat(5_000) + " HTTP/1.1\r\nHost: a\r\n\r\n"))
        .startsWith("HTTP/1.1 414 ");
    assertThat(answer("GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(10_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431 ");
    assertThat(answer("\u0000\u0001 nonsense\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(
            answer(
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ");
  }

  @Test
  void aBodyThatIsTooLargeIsRefusedBeforeItIsThere() throws Exception {
    String head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n";
    // Part of it has come when the answer goes; a reset would take that with it.
    assertThat(answer(head + "x".repeat(100_000)))
        .startsWith("HTTP/1.1 413 ")
        .contains("body (expected: at most 1000 bytes)");
    String chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    assertThat(answer(chunked + "300\r\n" + "x".repeat(0x300) + "\r\n300\r\n" + "x".repeat(0x300)))
        .startsWith("HTTP/1.1 413 ");
    assertThat(
            answer("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" + "x".repeat(1000)))
        .endsWith("/ 1000");
  }

  @Test
  void aRequestThatDoesNotComeInTimeIsRefused() throws Exception {
    serveInstead(new Echo(), Duration.ofMillis(100));
    assertThat(answer("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf"))
        .startsWith("HTTP/1.1 408 ");
    assertThat(answer("")).startsWith("HTTP/1.1 408 ");
  }

  @Test
  void whenAllPlacesAreTakenTheOldestGoes() throws Exception {
    Deque<Raw> idle = new ArrayDeque<>();
    for (int i = 0; i < SmallServer.MOST_CONNECTIONS; i++) {
      idle.add(client().send("GET / HT"));
    }
    for (int i = 0; i < 3; i++) {
      assertThat(answer("GET /probe HTTP/1.1\r\nHost: a\r\n\r\n")).endsWith("/probe 0");
    }
    assertThat(idle.getFirst().answer()).isEmpty();
    // The first probe took the place of the first one; the others found that of the one before.
    Raw last = idle.getLast();
    assertThat(last.send("TP/1.1\r\nHost: a\r\n\r\n").answer()).endsWith("/ 0");
    for (Raw raw : idle) {
      raw.close();
    }
  }

  @Test
  void whatGoesWrongIsNotToldToWhoAsked() throws Exception {
    serveInstead(
        new Echo() {
          @Override
          public Answer answer(Asked asked) {
            throw new IllegalStateException("secret");
          }
        },
        LONG);
    assertThat(answer("GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
        .startsWith("HTTP/1.1 500 ")
        .doesNotContain("secret");
  }

  @Test
  void whenTooMuchIsAskedItSaysSo() throws Exception {
    serveInstead(
        new Echo() {
          @Override
          public Executor on(Asked asked) {
            return command -> {
              throw new RejectedExecutionException();
            };
          }
        },
        LONG);
    assertThat(answer("GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
        .startsWith("HTTP/1.1 503 ")
        .contains("Retry-After: 1");
  }
}
