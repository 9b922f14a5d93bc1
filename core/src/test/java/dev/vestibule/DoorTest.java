package dev.vestibule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vestibule.testkit.ManualTime;
import dev.vestibule.testkit.RawClient;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DoorTest {

  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final Refused REFUSED =
      new Refused(Reason.STARTUP_FAILED, Duration.ofMillis(2_100), "database", Duration.ZERO);
  private static final String GET = RawClient.request("GET / HTTP/1.1", "Host: localhost");

  private final ManualTime time = new ManualTime();
  private final List<RawClient> clients = new ArrayList<>();

  @AfterEach
  void closeClients() throws IOException {
    for (RawClient client : clients) {
      client.close();
    }
  }

  @Test
  void knocksAreHandedOverInOrderWithTheirTimes() throws Exception {
    Door door = Door.open(ANY, 10, 100, time);
    long begun = time.read();
    for (int i = 1; i <= 3; i++) {
      connect(door).send("client " + i);
      expectEarly(door, i);
      time.advance(Duration.ofNanos(1));
    }

    Door.Handover handover = door.adopt();
    assertThat(handover.knocks())
        .extracting(knock -> knock.knockedAt() - begun)
        .containsExactly(0L, 1L, 2L);
    for (int i = 0; i < 3; i++) {
      SocketChannel channel = handover.knocks().get(i).channel();
      assertThat(channel.isBlocking()).isTrue();
      assertThat(read(channel, 8)).isEqualTo("client " + (i + 1));
    }
    door.close();
    assertThat(handover.listener().isBlocking()).isTrue();
    connect(door).send("client 4");
    assertThat(read(handover.listener().accept(), 8)).isEqualTo("client 4");
    handover.listener().close();
  }

  @Test
  void nobodyIsLostBetweenTheDoorAndItsServer() throws Exception {
    Door door = Door.open(ANY, 1_000);
    List<Thread> knocking = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread thread = new Thread(() -> connectMany(door, 50));
      knocking.add(thread);
      thread.start();
    }
    expectEarly(door, 20);
    Door.Handover handover = door.adopt();
    for (Thread thread : knocking) {
      thread.join();
    }
    int met = 0;
    for (Door.Knock knock : handover.knocks()) {
      met += read(knock.channel(), 1).length();
    }
    while (met < 200) {
      met += read(handover.listener().accept(), 1).length();
    }
    assertThat(met).isEqualTo(200);
    handover.listener().close();
  }

  @Test
  void beyondItsBoundConnectionsStayInTheKernelsQueue() throws Exception {
    Door door = Door.open(ANY, 10, 2, null);
    for (int i = 0; i < 5; i++) {
      connect(door);
    }
    expectEarly(door, 2);
    Door.Handover handover = door.adopt();
    assertThat(handover.knocks()).hasSize(2);
    for (int i = 0; i < 3; i++) {
      assertThat(handover.listener().accept()).isNotNull();
    }
    handover.listener().close();
  }

  @Test
  void thoseWhoWaitAreRefusedWithTheReason() throws Exception {
    Door door = Door.open(ANY, 10, 1, null);
    RawClient early = connect(door).send(GET);
    expectEarly(door, 1);
    RawClient queued = connect(door).send(GET);
    RawClient head = connect(door).send("HEAD / HTTP/1.1\r\n\r\n");

    assertThat(door.refuse(REFUSED, Duration.ofSeconds(1))).isEqualTo(3);
    for (RawClient client : List.of(early, queued)) {
      RawClient.Answer answer = client.read();
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.header("retry-after")).isEqualTo("3");
      assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
      assertThat(answer.body()).isEqualTo(REFUSED.problem().toJson());
      assertThat(client.readToEnd()).isEmpty();
    }
    assertThat(head.readHead().status()).isEqualTo(503);
    assertThat(head.readToEnd()).isEmpty();
    assertThatThrownBy(() -> RawClient.connect(door.port())).isInstanceOf(IOException.class);
  }

  @Test
  void anAnswerIsNotLostToBytesThatNobodyReads() throws Exception {
    Door door = Door.open(ANY, 10);
    byte[] body = new byte[10_000];
    RawClient posting = connect(door).send("POST / HTTP/1.1\r\nHost: x\r\n\r\n").send(body);
    CompletableFuture<Integer> refusing =
        CompletableFuture.supplyAsync(() -> door.refuse(REFUSED, Duration.ofSeconds(30)));
    assertThat(posting.read().body()).isEqualTo(REFUSED.problem().toJson());
    // A connection that was closed over what comes now would be reset, and refuse it.
    for (int i = 0; i < 50; i++) {
      posting.send(body);
    }
    posting.endOutput();
    assertThat(posting.readToEnd()).isEmpty();
    assertThat(refusing.get()).isOne();
  }

  @Test
  void whoSaysNothingOrHalfOfItIsAnsweredInTheEnd() throws Exception {
    Door door = Door.open(ANY, 10);
    RawClient silent = connect(door);
    RawClient slow = connect(door).send("GET / HTT");
    RawClient tls = connect(door).send(new byte[] {0x16, 3, 1});
    // It is bounded although none of them ends its side.
    assertThat(door.refuse(REFUSED, Duration.ofMillis(200))).isEqualTo(2);
    assertThat(silent.read().status()).isEqualTo(503);
    assertThat(slow.read().status()).isEqualTo(503);
    assertThat(tls.readToEnd()).isEmpty();
  }

  @Test
  void aDoorThatCannotOpenSaysWhereAndWhatWasExpected() throws Exception {
    try (Door door = Door.open(ANY, 10)) {
      assertThatThrownBy(() -> Door.open(door.address(), 10))
          .isInstanceOf(BindException.class)
          .hasMessageContaining("127.0.0.1:" + door.port())
          .hasMessageContaining("(expected: ");
    }
    // Reserved for documentation, RFC 5737, and nobody's own.
    assertThatThrownBy(() -> Door.open(new InetSocketAddress("192.0.2.1", 8080), 10))
        .isInstanceOf(BindException.class)
        .hasMessageContaining("192.0.2.1:8080")
        .hasMessageContaining("(expected: ");
    assertThatThrownBy(() -> Door.open(InetSocketAddress.createUnresolved("nowhere", 1), 10))
        .hasMessage("address: nowhere (expected: a name or number that resolves)");
    assertThatThrownBy(() -> Door.open(ANY, 0)).hasMessage("backlog: 0 (expected: >= 1)");
  }

  @Test
  void aDoorIsUsedOnce() throws Exception {
    Door door = Door.open(ANY, 10);
    RawClient client = connect(door);
    expectEarly(door, 1);
    door.close();
    door.close();
    assertThat(client.readToEnd()).isEmpty();
    assertThatThrownBy(door::adopt)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("(expected: once)");
    assertThatThrownBy(() -> door.refuse(REFUSED, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aKernelThatQueuesLessIsWarnedOf(@TempDir Path directory) throws Exception {
    Path limit = Files.writeString(directory.resolve("somaxconn"), "128\n");
    assertThat(Door.shortQueue(limit, 4096)).contains("4096").contains("128");
    assertThat(Door.shortQueue(limit, 128)).isNull();
    assertThat(Door.shortQueue(directory.resolve("missing"), 4096)).isNull();
    // No kernel has less than 128; it did, when its file was read byte by byte.
    assertThat(Door.shortQueue(Door.SOMAXCONN, 100)).isNull();
  }

  private RawClient connect(Door door) throws IOException {
    RawClient client = RawClient.connect(door.port());
    clients.add(client);
    return client;
  }

  private void connectMany(Door door, int count) {
    for (int i = 0; i < count; i++) {
      try {
        RawClient client = RawClient.connect(door.port()).send("x");
        synchronized (clients) {
          clients.add(client);
        }
      } catch (IOException e) {
        throw new AssertionError("a connection was lost", e);
      }
    }
  }

  private static String read(SocketChannel channel, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
      // A read may bring less than all.
    }
    return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
  }

  private static void expectEarly(Door door, int atLeast) {
    for (int i = 0; i < 10_000 && door.early() < atLeast; i++) {
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(door.early()).isGreaterThanOrEqualTo(atLeast);
  }
}
