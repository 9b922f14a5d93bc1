package dev.vestibule.testkit;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.testkit.RawClient.Answer;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What every adapter promises. An adapter's test extends this and says how its server is started
 * and what it can do beyond the rest; time stands still unless a test here moves it.
 */
public abstract class AdapterContract extends RefusalContract {

  private static final int MANY = 1_000;

  /** Begins with a clock that stands and a phase that is not ready. */
  protected AdapterContract() {}

  // ---- Held and admitted.

  @Test
  void aHandshakeIsHeldAndAdmitted() throws Exception {
    Running running = begin(g -> g);
    RawClient client = held(running, RawClient.handshake(ECHO, "Origin: " + ORIGIN));
    ready();
    expectSession(client, "hello");
    assertThat(gate.snapshot().admitted()).isOne();
  }

  @Test
  void aPlainRequestIsHeldAndAnswered() throws Exception {
    Running running = begin(g -> g);
    RawClient client = held(running, get(PLAIN));
    ready();
    expectPlain(client);
  }

  @Test
  void behindAnOpenRouteNobodyWaits() throws Exception {
    Running running = begin(g -> g);
    ready();
    RawClient client = connect(running).send(RawClient.handshake(ECHO));
    expectSession(client, "hello");
    expectPlain(connect(running).send(get(PLAIN)));
  }

  @Test
  void aPathThatIsNotGatedPasses() throws Exception {
    Running running = begin(g -> g);
    Answer answer = connect(running).send(get(OPEN)).read();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("open");
  }

  @Test
  void aThousandWaitWithoutAThreadEach() throws Exception {
    Running running = begin(g -> g);
    held(running, RawClient.handshake(ECHO));
    int before = Thread.getAllStackTraces().size();
    for (int i = 1; i < MANY; i++) {
      connect(running).send(RawClient.handshake(ECHO));
    }
    expectWaiting(MANY);
    // A pool may grow while a thousand connect, to 200 as a rule; it must not keep one for each.
    assertThat(Thread.getAllStackTraces().size() - before).isLessThan(MANY / 2);
    ready();
    for (RawClient client : clients) {
      assertThat(client.read().status()).isEqualTo(101);
    }
    assertThat(gate.snapshot().admitted()).isEqualTo(MANY);
  }

  @Test
  void theyEnterInOrderOfArrival() throws Exception {
    Running running = begin(g -> g, true);
    List<String> order = new ArrayList<>();
    for (int i = 1; i <= 20; i++) {
      connect(running).send(get(PLAIN + "?" + i));
      order.add(String.valueOf(i));
      expectWaiting(i);
    }
    ready();
    for (RawClient client : clients) {
      expectPlain(client);
    }
    assertThat(running.entered()).isEqualTo(order);
  }

  @Test
  void framesThatComeBeforeThe101Survive() throws Exception {
    Running running = begin(g -> g);
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(RawClient.handshake(ECHO).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    both.writeBytes(RawClient.frame("with the handshake"));
    RawClient client = connect(running).send(both.toByteArray());
    expectWaiting(1);
    client.send(RawClient.frame("while it waits"));
    // Another round trip to the server, so that the frame has most likely been read by it.
    connect(running).send(get(OPEN)).read();
    client.send(RawClient.frame("and another"));
    ready();
    assertThat(client.read().status()).isEqualTo(101);
    assertThat(client.readText()).isEqualTo("with the handshake");
    assertThat(client.readText()).isEqualTo("while it waits");
    assertThat(client.readText()).isEqualTo("and another");
  }

  // ---- Screened, before anything is held.

  @Test
  void badHandshakesAreNotHeld() throws Exception {
    Running running = begin(g -> g);
    String good = RawClient.handshake(ECHO);
    expectRejection(running, good.replace("GET ", "POST "), 400);
    expectRejection(running, good.replace(RawClient.KEY, "c2hvcnQ="), 400);
    expectRejection(running, good.replace(RawClient.KEY, "not base64 at all"), 400);
    expectRejection(running, good.replaceAll("Sec-WebSocket-Key: .*\r\n", ""), 400);
    Answer old = expectRejection(running, good.replace("Version: 13", "Version: 8"), 426);
    assertThat(old.header("sec-websocket-version")).isEqualTo("13");
    assertThat(old.header("upgrade")).isEqualTo("websocket");
  }

  @Test
  void pagesOfAForeignOriginAreNotHeld() throws Exception {
    Running running = begin(g -> g);
    for (String origin :
        List.of("https://evil.example", ORIGIN + ".evil.example", "null", ORIGIN + ":444")) {
      expectRejection(running, RawClient.handshake(ECHO, "Origin: " + origin), 403);
    }
    held(running, RawClient.handshake(ECHO, "Origin: HTTPS://Chat.Example"));
    ready();
  }

  // ---- What an adapter may be able to do.

  @Test
  void aClientThatLeftFreesItsPlace() throws Exception {
    Running running = begin(g -> g.maxWaiting(1));
    RawClient gone = held(running, RawClient.handshake(ECHO));
    gone.close();
    clients.remove(gone);
    if (capabilities().contains(Capabilities.NOTICES_DEPARTED_CLIENT)) {
      eventually("it is noticed", () -> gate.snapshot().left() == 1);
    } else {
      time.advance(ofSeconds(30));
    }
    expectWaiting(0);
    RawClient next = held(running, RawClient.handshake(ECHO));
    ready();
    expectSession(next, "a free place");
  }

  @Test
  void aClientThatLeftAfterAFrameFreesItsPlaceToo() throws Exception {
    Running running = begin(g -> g);
    RawClient gone = held(running, RawClient.handshake(ECHO));
    gone.send(RawClient.frame("anybody there?")).close();
    clients.remove(gone);
    if (!capabilities().contains(Capabilities.NOTICES_DEPARTED_CLIENT)) {
      time.advance(ofSeconds(30));
    }
    expectWaiting(0);
  }

  @Test
  void sessionsAreToldThatTheServerRestarts() throws Exception {
    Running running = begin(g -> g);
    ready();
    if (capabilities().contains(Capabilities.CLOSES_SESSIONS_ON_DRAIN)) {
      for (int i = 0; i < 4; i++) {
        expectSession(connect(running).send(RawClient.handshake(ECHO)), "hello");
      }
      running.closeSessions(ofSeconds(4));
      // One now, the rest a second apart.
      assertThat(time.pending()).isEqualTo(5);
      time.advance(ofSeconds(4));
      for (RawClient client : clients) {
        assertThat(client.readClose()).isEqualTo(1012);
      }
      eventually("the last was written", () -> time.pending() == 0);
    }
  }
}
