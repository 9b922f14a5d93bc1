package dev.vestibule.gateway.tunnel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.gateway.Backend;
import dev.vestibule.gateway.Backend.Connection;
import dev.vestibule.gateway.Frames;
import dev.vestibule.gateway.GatewayScene;
import dev.vestibule.gateway.Passage;
import dev.vestibule.gateway.Passage.Outcome;
import dev.vestibule.gateway.Passage.Side;
import dev.vestibule.testkit.RawClient;
import dev.vestibule.testkit.RawClient.Close;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TunnelTest extends GatewayScene {

  @Test
  void bytesPassBothWays() throws Exception {
    ready(Backend.echo());
    RawClient client = open("/chat");
    client.send(RawClient.frame("hello"));
    assertThat(client.readText()).isEqualTo("hello");
    client.send(RawClient.frame("again"));
    assertThat(client.readText()).isEqualTo("again");
  }

  @Test
  void whoComesEarlyIsHeldAndGetsIn() throws Exception {
    Backend backend = backend(Backend.echo());
    start(backend.address());
    upstream().start();
    RawClient client = connect().send(RawClient.handshake("/chat"));
    eventually("it waits", () -> waiting() == 1);
    assertThat(backend.connected()).isZero();

    isReady();

    assertThat(client.read().status()).isEqualTo(101);
    client.send(RawClient.frame("hello"));
    assertThat(client.readText()).isEqualTo("hello");
  }

  @Test
  void whoLeavesWhileHeldFreesItsPlace() throws Exception {
    start(new InetSocketAddress(InetAddress.getLoopbackAddress(), Backend.freePort()));
    upstream().start();
    RawClient client = connect().send(RawClient.handshake("/chat"));
    eventually("it waits", () -> waiting() == 1);
    client.close();
    eventually("nobody waits", () -> waiting() == 0);
    assertThat(passage().outcome()).isEqualTo(Outcome.LEFT);
  }

  @Test
  void whoFindsNobodyIsHeldForTheNextStart() throws Exception {
    int port = Backend.freePort();
    start(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    isReady();
    RawClient client = connect().send(RawClient.handshake("/chat"));
    eventually("it waits", () -> waiting() == 1);
    assertThat(upstream().gate().routes().getFirst().isOpen()).isFalse();

    opened.add(Backend.at(port, Backend.echo()));
    isReady();

    assertThat(client.read().status()).isEqualTo(101);
  }

  @Test
  void whoIsLetInBeforeManyKillsWaitsForTheNextStart() throws Exception {
    int port = Backend.freePort();
    start(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    upstream().start();
    RawClient client = connect().send(RawClient.handshake("/chat"));
    // More than the attempts that each start is given.
    for (int start = 0; start < 6; start++) {
      eventually("it waits", () -> waiting() == 1);
      Backend killed = Backend.at(port, Connection::readHead);
      isReady();
      killed.next();
      killed.kill();
    }
    eventually("it waits", () -> waiting() == 1);
    opened.add(Backend.at(port, Backend.echo()));
    isReady();

    assertThat(client.read().status()).isEqualTo(101);
  }

  @Test
  void framesSentBeforeThe101ComeThroughOnceAndInOrder() throws Exception {
    Backend backend = backend(Backend.echo());
    start(backend.address());
    upstream().start();
    RawClient client = connect();
    client.send(RawClient.handshake("/chat") + new String(RawClient.frame("one"), ISO_8859_1));
    client.send(RawClient.frame("two"));
    eventually("it waits", () -> waiting() == 1);
    isReady();
    assertThat(client.read().status()).isEqualTo(101);
    assertThat(client.readText()).isEqualTo("one");
    assertThat(client.readText()).isEqualTo("two");
  }

  @Test
  void aRestartIsSaidAtAFrameBoundary() throws Exception {
    Backend backend = ready(Backend.echo());
    upstream().comesBack(true);
    RawClient client = open("/chat");
    client.send(RawClient.frame("hello"));
    assertThat(client.readText()).isEqualTo("hello");

    backend.kill();

    assertThat(client.readCloseFrame()).isEqualTo(new Close(1012, "the server is restarting"));
    client.awaitEnd();
    Passage passage = passage();
    assertThat(passage.closeCode()).isEqualTo(1012);
    assertThat(passage.closedBy()).isEqualTo(Side.GATEWAY);
    assertThat(passage.midFrame()).isFalse();
  }

  @Test
  void aServerThatIsGoneIsSaidToBe() throws Exception {
    Backend backend = ready(Backend.echo());
    RawClient client = open("/chat");
    backend.kill();
    assertThat(client.readClose()).isEqualTo(1014);
  }

  @Test
  void whoSaidGoodbyeToAServerThatIsKilledIsAnswered() throws Exception {
    Backend backend =
        ready(connection -> {
          connection.readHead();
          connection.accept();
        });
    upstream().comesBack(true);
    RawClient client = open("/chat");
    Connection connection = backend.next();
    byte[] goodbye = RawClient.close(1000);
    client.send(goodbye);
    connection.read(goodbye.length);

    backend.kill();

    assertThat(client.readClose()).isEqualTo(1012);
    client.awaitEnd();
    assertThat(passage().closeCode()).isEqualTo(1000);
  }

  @Test
  void withinAFrameThereIsNothingToSay() throws Exception {
    Backend backend =
        ready(connection -> {
          connection.readHead();
          connection.accept();
          connection.write(java.util.Arrays.copyOf(Frames.text("hello"), 4));
        });
    RawClient client = open("/chat");
    Connection connection = backend.next();
    client.send(RawClient.frame("x"));
    connection.read(7);
    backend.kill();
    assertThat(client.readToEnd()).isEqualTo(new String(Frames.text("hello"), 0, 4, ISO_8859_1));
    assertThat(passage().midFrame()).isTrue();
  }

  @Test
  void theServersOwnCloseIsNotTouched() throws Exception {
    ready(connection -> {
      connection.readHead();
      connection.accept();
      connection.write(new byte[] {(byte) 0x88, 9, 0x11, 0x31, 'e', 'x', 'p', 'i', 'r', 'e', 'd'});
      connection.end();
    });
    RawClient client = open("/chat");
    assertThat(client.readCloseFrame()).isEqualTo(new Close(4401, "expired"));
    client.awaitEnd();
    assertThat(passage().closeCode()).isEqualTo(4401);
    assertThat(passage().closedBy()).isEqualTo(Side.UPSTREAM);
  }

  @Test
  void whoSaidGoodbyeIsNotWaitedForWhenDraining() throws Exception {
    Backend backend =
        ready(connection -> {
          connection.readHead();
          connection.accept();
        });
    RawClient client = open("/chat");
    Connection connection = backend.next();
    byte[] goodbye = RawClient.close(1000);
    client.send(goodbye);
    connection.read(goodbye.length);

    gateway().tunnels().closeAll(1012, "bye", Duration.ZERO);

    assertThat(client.readCloseFrame()).isEqualTo(new Close(1012, "bye"));
    // Nothing more will come of it.
    assertThat(sessionsEndWithin(gateway(), Duration.ofSeconds(3))).isTrue();
    client.awaitEnd();
  }

  @Test
  void drainingClosesSessionsWith1012() throws Exception {
    ready(Backend.echo());
    RawClient client = open("/chat");
    gateway().tunnels().closeAll(1012, "bye", Duration.ZERO);
    assertThat(client.readCloseFrame()).isEqualTo(new Close(1012, "bye"));
    client.send(RawClient.close(1012));
    client.awaitEnd();
    assertThat(sessionsEndWithin(gateway(), Duration.ofSeconds(10))).isTrue();
  }
}
