package dev.vestibule.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.gateway.Backend.Connection;
import dev.vestibule.gateway.Passage.Outcome;
import dev.vestibule.gateway.Passage.Side;
import dev.vestibule.testkit.RawClient;
import dev.vestibule.testkit.RawClient.Answer;
import dev.vestibule.testkit.RawClient.Close;
import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Sessions that end, clients that are gone, and what is left of them: cases 16 to 19. */
class SessionCasesTest extends GatewayScene {

  private static final byte[] CLOSE_4401 = {
    (byte) 0x88, 9, 0x11, 0x31, 'e', 'x', 'p', 'i', 'r', 'e', 'd'
  };

  @Test
  @DisplayName("16: the server's close code and reason reach the client")
  void theServersCloseReachesTheClient() throws Exception {
    ready(connection -> {
      connection.readHead();
      connection.accept();
      connection.write(CLOSE_4401);
      connection.end();
    });
    RawClient client = open("/chat");
    assertThat(client.readCloseFrame()).isEqualTo(new Close(4401, "expired"));
    client.awaitEnd();
    assertThat(passage().closeCode()).isEqualTo(4401);
    assertThat(passage().closedBy()).isEqualTo(Side.UPSTREAM);
  }

  @Test
  @DisplayName("16: also when the server resets the connection, because it reads no more")
  void theServersCloseIsReadBeforeTheReset() throws Exception {
    Backend backend =
        ready(connection -> {
          connection.readHead();
          connection.accept();
          connection.read(7);
          connection.write(CLOSE_4401);
          // With unread bytes in its buffer: the kernel sends a reset.
          connection.end();
        });
    for (int i = 0; i < 20; i++) {
      RawClient client = open("/chat");
      client.send(RawClient.frame("x"));
      client.send(RawClient.largeFrame(200_000));
      assertThat(client.readCloseFrame()).isEqualTo(new Close(4401, "expired"));
    }
    assertThat(backend.connected()).isEqualTo(20);
  }

  @Test
  @DisplayName("17: killed while clients send, each is told 1012 at a frame boundary")
  void killedUnderLoad() throws Exception {
    Backend backend = ready(Backend.echo());
    upstream().comesBack(true);
    List<RawClient> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      RawClient client = open("/chat");
      client.send(RawClient.frame("hello"));
      assertThat(client.readText()).isEqualTo("hello");
      all.add(client);
    }
    for (RawClient client : all) {
      client.send(RawClient.frame("just sent"));
    }
    backend.kill();
    for (RawClient client : all) {
      // Not read by the gateway yet, or not any more: no reason to lose what it says.
      trySend(client, RawClient.frame("and another"));
    }
    for (RawClient client : all) {
      assertThat(closeBehindTexts(client)).isEqualTo(new Close(1012, "the server is restarting"));
      client.awaitEnd();
    }
    eventually("all are told of", () -> passages.size() == 50);
    assertThat(passages)
        .allMatch(it -> it.closeCode() == 1012 && !it.midFrame() && it.outcome() == Outcome.PASSED);
  }

  private static void trySend(RawClient client, byte[] bytes) {
    try {
      client.send(bytes);
    } catch (IOException e) {
      // What it says before its end is still to be read.
    }
  }

  private static Close closeBehindTexts(RawClient client) throws IOException {
    while (true) {
      int first = client.readBytes(1)[0] & 0xFF;
      byte[] payload = client.readBytes(client.readBytes(1)[0]);
      if (first == 0x88) {
        int code = (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF);
        return new Close(code, new String(payload, 2, payload.length - 2, UTF_8));
      }
      assertThat(first).isEqualTo(0x81);
    }
  }

  @Test
  @DisplayName("17: with nobody to start it again it is 1014")
  void killedForGood() throws Exception {
    Backend backend = ready(Backend.echo());
    RawClient client = open("/chat");
    backend.kill();
    assertThat(client.readCloseFrame()).isEqualTo(new Close(1014, "the server is gone"));
    client.awaitEnd();
  }

  @Test
  @DisplayName("17: within a frame there is nothing truthful to say: cut, and counted")
  void killedWithinAFrame() throws Exception {
    byte[] half = Arrays.copyOf(Frames.text("hello"), 4);
    Backend backend =
        ready(connection -> {
          connection.readHead();
          connection.accept();
          connection.write(half);
          connection.keepRest();
        });
    RawClient client = open("/chat");
    assertThat(client.readBytes(4)).isEqualTo(half);
    backend.kill();
    assertThat(client.readToEnd()).isEmpty();
    assertThat(passage().midFrame()).isTrue();
    assertThat(passage().closedBy()).isEqualTo(Side.UPSTREAM);
    assertThat(passage().closeCode()).isZero();
  }

  @Test
  @DisplayName("18: a client that neither answers nor closes is closed at the ping's deadline")
  void aSilentClientIsClosed() throws Exception {
    limits = Varied.heartbeat(limits, Duration.ofMillis(50));
    Backend backend =
        ready(connection -> {
          connection.readHead();
          connection.accept();
          connection.keepRest();
        });
    open("/chat");
    assertThat(backend.next().rest()).isEmpty();
    eventually("its leg is freed", () -> gateway().clients() == 0);
    assertThat(gateway().tunnels().count()).isZero();
    assertThat(passage().closedBy()).isEqualTo(Side.GATEWAY);
  }

  @Test
  @DisplayName("18: also when it takes no bytes while the server floods it")
  void aClientThatTakesNothingIsClosed() throws Exception {
    limits = Varied.heartbeat(limits, Duration.ofMillis(50));
    Backend backend = ready(SessionCasesTest::flood);
    open("/chat");
    Connection flooding = backend.next();
    eventually("the server's leg is freed", () -> flooding.socket().isClosed());
    eventually("its leg is freed", () -> gateway().clients() == 0);
    assertThat(passage().closedBy()).isEqualTo(Side.GATEWAY);
  }

  private static void flood(Connection connection) throws IOException {
    connection.readHead();
    connection.accept();
    byte[] frames = new byte[1 << 16];
    for (int i = 0; i < frames.length; i += 16) {
      System.arraycopy(Frames.text("fourteen bytes"), 0, frames, i, 16);
    }
    try {
      while (true) {
        connection.write(frames);
      }
    } finally {
      connection.end();
    }
  }

  @Test
  @DisplayName("18: one that answers pings stays, and the server does not see its answers")
  void aClientThatAnswersStays() throws Exception {
    // As long as it may take to answer.
    limits = Varied.heartbeat(limits, Duration.ofSeconds(1));
    ready(Backend.echo());
    RawClient client = open("/chat");
    for (int i = 0; i < 3; i++) {
      assertThat(client.readBytes(2)).isEqualTo(new byte[] {(byte) 0x89, 16});
      byte[] payload = client.readBytes(16);
      byte[] pong = new byte[22];
      pong[0] = (byte) 0x8A;
      pong[1] = (byte) 0x90;
      System.arraycopy(payload, 0, pong, 6, 16);
      client.send(pong);
    }
    assertThat(gateway().tunnels().count()).isOne();
  }

  @Test
  @DisplayName("19: after 1000 failed upgrades sockets and buffers are back at the baseline")
  void failedUpgradesLeaveNothing() throws Exception {
    Backend backend =
        ready(connection -> {
          String head = connection.readHead();
          connection.write(
              head.contains("/garbage")
                  ? "nonsense\r\n\r\n"
                  : "HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno");
          connection.keepRest();
          connection.end();
        });
    fail(backend, 400);
    long buffers = buffers();
    long sockets = sockets();

    fail(backend, 1000);

    eventually("sockets are back at " + sockets, () -> sockets() <= sockets);
    // A buffer of each would be 2 MB.
    eventually("buffers are back at " + buffers, () -> buffers() <= buffers + (1 << 20));
    assertThat(passages).hasSize(1400);
  }

  private void fail(Backend backend, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      String handshake =
          switch (i % 4) {
            case 0 -> RawClient.handshake("/garbage");
            case 1 -> RawClient.handshake("/chat").replace(RawClient.KEY, "none");
            case 2 -> RawClient.handshake("/chat") + "early bytes";
            default -> RawClient.handshake("/chat");
          };
      try (RawClient client = RawClient.connect(gateway().address().getPort())) {
        Answer answer = client.send(handshake).read();
        assertThat(answer.status()).isIn(400, 401, 502);
        client.awaitEnd();
      }
      if (i % 4 != 1) {
        backend.next().rest();
      }
    }
    eventually("all clients are gone", () -> gateway().clients() == 0);
  }

  private static long sockets() {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.filter(SessionCasesTest::isSocket).count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException e) {
      // Closed meanwhile.
      return false;
    }
  }

  private static long buffers() {
    ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;
    assertThat(allocator).isInstanceOf(AdaptiveByteBufAllocator.class);
    ByteBufAllocatorMetric metric = ((ByteBufAllocatorMetricProvider) allocator).metric();
    return metric.usedDirectMemory() + metric.usedHeapMemory();
  }
}
