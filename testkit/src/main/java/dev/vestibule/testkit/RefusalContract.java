package dev.vestibule.testkit;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Reason;
import dev.vestibule.testkit.RawClient.Answer;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How every adapter refuses: by a 503, or by a close where it can. */
abstract class RefusalContract extends AdapterScene {

  RefusalContract() {}

  @Test
  void afterAFailedStartupThePhaseIsToldAndNothingElse() throws Exception {
    Running running = begin(g -> g);
    RawClient client = held(running, RawClient.handshake(ECHO));
    startup.signal(PHASE).failed(new IllegalStateException("the password is wrong"));
    Answer answer = expectRefusal(client, Reason.STARTUP_FAILED);
    assertThat(answer.body()).contains("\"phase\":\"" + PHASE + "\"").doesNotContain("password");
    assertThat(answer.headers().toString()).doesNotContain("password");
    Answer late =
        expectRefusal(connect(running).send(RawClient.handshake(ECHO)), Reason.STARTUP_FAILED);
    assertThat(late.body()).doesNotContain("password");
  }

  @Test
  void whenAllPlacesAreTakenTheNextIsRefused() throws Exception {
    Running running = begin(g -> g.maxWaiting(1));
    RawClient first = held(running, RawClient.handshake(ECHO));
    expectRefusal(connect(running).send(RawClient.handshake(ECHO)), Reason.FULL);
    ready();
    expectSession(first, "still here");
  }

  @Test
  void oneClientCannotTakeAllPlaces() throws Exception {
    Running running = begin(g -> g.maxWaitingPerClient(2));
    connect(running).send(RawClient.handshake(ECHO));
    connect(running).send(RawClient.handshake(ECHO));
    expectWaiting(2);
    expectRefusal(connect(running).send(RawClient.handshake(ECHO)), Reason.FULL);
    ready();
  }

  @Test
  void whoseTimeIsUpIsRefused() throws Exception {
    Running running = begin(g -> g.holdAtMost(ofSeconds(3)));
    RawClient client = held(running, RawClient.handshake(ECHO));
    time.advance(Duration.ofMillis(2_999));
    assertThat(gate.snapshot().waiting()).isOne();
    time.advance(Duration.ofMillis(1));
    expectRefusal(client, Reason.BUDGET_SPENT);
  }

  @Test
  void drainingRefusesThoseWhoWaitAndThoseWhoCome() throws Exception {
    Running running = begin(g -> g);
    RawClient client = held(running, RawClient.handshake(ECHO));
    gate.drain();
    expectRefusal(client, Reason.DRAINING);
    expectRefusal(connect(running).send(RawClient.handshake(ECHO)), Reason.DRAINING);
  }

  @Test
  void aRefusedHeadHasNoBodyAndAFrameAfterARefusedHandshakeDoesNoHarm() throws Exception {
    Running running = begin(g -> g);
    RawClient head = held(running, RawClient.request("HEAD " + PLAIN + " HTTP/1.1", "Host: x"));
    RawClient client = connect(running).send(RawClient.handshake(ECHO));
    expectWaiting(2);
    client.send(RawClient.frame("too early"));
    gate.drain();
    assertThat(head.readHead().status()).isEqualTo(503);
    head.send(get(OPEN));
    assertThat(head.read().body()).isEqualTo("open");
    expectRefusal(client, Reason.DRAINING);
    assertThat(client.readToEnd()).isEmpty();
  }

  // ---- By a close.

  @Test
  void whoseSubprotocolIsKnownIsToldByAClose() throws Exception {
    Running running = begin(g -> g);
    RawClient client = held(running, closing("nobody.knows, chat.v2, chat.v1"));
    startup.signal(PHASE).failed(new IllegalStateException("the password is wrong"));
    if (refusesByClose()) {
      expectClose(client, "chat.v2", 1013, "STARTUP_FAILED: " + PHASE);
      RawClient late = connect(running).send(closing("chat.v1"));
      expectClose(late, "chat.v1", 1013, "STARTUP_FAILED: " + PHASE);
    } else {
      expectRefusal(client, Reason.STARTUP_FAILED);
    }
  }

  @Test
  void whoOffersNoSubprotocolGetsNoneAndIsToldByAClose() throws Exception {
    Running running = begin(g -> g.holdAtMost(ofSeconds(3)));
    RawClient client = held(running, RawClient.handshake(CLOSING));
    time.advance(ofSeconds(3));
    if (refusesByClose()) {
      expectClose(client, "", 1013, "BUDGET_SPENT: " + PHASE);
    } else {
      expectRefusal(client, Reason.BUDGET_SPENT);
    }
  }

  @Test
  void drainingClosesWith1012() throws Exception {
    Running running = begin(g -> g);
    RawClient client = held(running, closing("chat.v1"));
    gate.drain();
    if (refusesByClose()) {
      expectClose(client, "chat.v1", 1012, "DRAINING");
    } else {
      expectRefusal(client, Reason.DRAINING);
    }
  }

  @Test
  void whereAClosePromisesTooMuchItStaysA503() throws Exception {
    Running running = begin(g -> g.maxWaiting(2));
    RawClient unknown = held(running, closing("nobody.knows"));
    RawClient noHandshake = held(running, get(CLOSING));
    expectRefusal(connect(running).send(closing("chat.v1")), Reason.FULL);
    gate.drain();
    expectRefusal(unknown, Reason.DRAINING);
    expectRefusal(noHandshake, Reason.DRAINING);
    if (!refusesByClose()) {
      return;
    }
    String bodied = closing("chat.v1").replaceFirst("\r\n\r\n$", "\r\nContent-Length: 1\r\n\r\nx");
    expectRefusal(connect(running).send(bodied), Reason.DRAINING);
    expectRefusal(connect(running).send(RawClient.handshake(ECHO)), Reason.DRAINING);
  }

  @Test
  void whatIsSentToARefusalIsDiscardedAndItsTimeIsASecond() throws Exception {
    if (!refusesByClose()) {
      return;
    }
    Running running = begin(g -> g);
    RawClient client = held(running, closing("chat.v1"));
    client.send(RawClient.frame("before the 101"));
    gate.drain();
    assertThat(client.read().status()).isEqualTo(101);
    client.send(RawClient.frame("behind it")).send(RawClient.largeFrame(200_000));
    assertThat(client.readClose()).isEqualTo(1012);
    client.send(RawClient.frame("behind the close"));
    assertThat(time.pending()).isOne();
    time.advance(ofSeconds(1).minusNanos(1));
    assertThat(time.pending()).isOne();
    time.advance(Duration.ofNanos(1));
    client.awaitEnd();
  }

  private static String closing(String subprotocols) {
    return RawClient.handshake(
        CLOSING, "Origin: " + ORIGIN, "Sec-WebSocket-Protocol: " + subprotocols);
  }

  private boolean refusesByClose() {
    return capabilities().contains(Capabilities.REFUSES_BY_CLOSE);
  }

  /** A 101 with this subprotocol, a close behind it, and the end once the client closes too. */
  private void expectClose(RawClient client, String subprotocol, int code, String begin)
      throws IOException {
    Answer answer = client.read();
    assertThat(answer.status()).isEqualTo(101);
    assertThat(answer.header("sec-websocket-accept")).isEqualTo(RawClient.ACCEPT);
    assertThat(answer.header("sec-websocket-protocol")).isEqualTo(subprotocol);
    assertThat(answer.header("sec-websocket-extensions")).isEmpty();
    RawClient.Close close = client.readCloseFrame();
    assertThat(close.code()).isEqualTo(code);
    assertThat(close.reason()).matches(begin + "; retry after [1-9]\\d* s");
    client.send(RawClient.close(code));
    assertThat(client.readToEnd()).isEmpty();
  }
}
