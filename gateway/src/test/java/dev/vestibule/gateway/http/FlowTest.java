package dev.vestibule.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.gateway.Backend;
import dev.vestibule.gateway.Backend.Connection;
import dev.vestibule.gateway.GatewayScene;
import dev.vestibule.gateway.Passage.Outcome;
import dev.vestibule.gateway.Varied;
import dev.vestibule.testkit.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * Sides that are slower than the other: what is on its way is bounded, and all of it arrives. The
 * bound counts what the sender could write until it was stopped: the kernel's buffers of four
 * sockets, and the gateway's between them.
 */
class FlowTest extends GatewayScene {

  private static final long MANY = 200_000_000;
  // Of which the kernel may keep 4 MB behind each writer; without backpressure it is all of it.
  private static final long BOUND = 40_000_000;
  private static final int LARGE = 20_000_000;
  private static final byte[] BLOCK = new byte[64 * 1024];

  private final AtomicLong written = new AtomicLong();

  /** A client whose own buffer is small. */
  private RawClient slowClient() throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(8 * 1024);
    socket.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway().address().getPort()));
    RawClient client = RawClient.over(socket);
    clients.add(client);
    return client;
  }

  private void write(Connection connection, long bytes) throws IOException {
    for (long left = bytes; left > 0; left -= BLOCK.length) {
      int now = (int) Math.min(left, BLOCK.length);
      connection.out().write(BLOCK, 0, now);
      written.addAndGet(now);
    }
  }

  /** Waits until nothing more was written for a while; that the writer is done would show too. */
  private void expectStopped() {
    long before = -1;
    for (int still = 0; still < 20; ) {
      long now = written.get();
      still = now == before && now > 0 ? still + 1 : 0;
      before = now;
      LockSupport.parkNanos(10_000_000);
    }
    assertThat(before).isLessThan(BOUND);
  }

  private static String get() {
    return RawClient.request("GET / HTTP/1.1", "Host: localhost");
  }

  @Test
  void anAnswerIsReadNoFasterThanItsClientTakesIt() throws Exception {
    ready(connection -> {
      connection.readHead();
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + MANY + "\r\n\r\n");
      write(connection, MANY);
    });
    RawClient client = slowClient().send(get());
    assertThat(client.readHead().header("content-length")).isEqualTo(Long.toString(MANY));
    expectStopped();
    long stopped = written.get();
    assertThat(client.readBytes(LARGE)).hasSize(LARGE);
    eventually("it goes on", () -> written.get() > stopped);
  }

  @Test
  void aBodyIsReadNoFasterThanItsServerTakesIt() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    ready(connection -> {
      connection.readHead();
      await(seen);
      long got = 0;
      for (byte[] some = connection.read(BLOCK.length); some.length > 0 && got < MANY; ) {
        got += some.length;
        some = got < MANY ? connection.read((int) Math.min(BLOCK.length, MANY - got)) : some;
      }
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    });
    RawClient client = connect();
    client.send(RawClient.request("POST / HTTP/1.1", "Host: a", "Content-Length: " + MANY));
    Thread sends = Thread.ofVirtual().start(() -> sendMany(client));
    expectStopped();
    seen.countDown();
    sends.join();
    assertThat(client.read().body()).isEqualTo("ok");
    assertThat(passage().bytesIn()).isEqualTo(MANY);
  }

  private void sendMany(RawClient client) {
    try {
      for (long left = MANY; left > 0; left -= BLOCK.length) {
        int now = (int) Math.min(left, BLOCK.length);
        client.send(Arrays.copyOf(BLOCK, now));
        written.addAndGet(now);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      if (!latch.await(30, TimeUnit.SECONDS)) {
        throw new IOException("not in 30 seconds");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void allOfAnAnswerArrivesBehindTheEndOfItsConnectionHoweverSlowlyItIsTaken() throws Exception {
    ready(connection -> {
      connection.readHead();
      connection.write("HTTP/1.0 200 OK\r\n\r\n");
      write(connection, LARGE);
      connection.end();
    });
    RawClient client = slowClient().send(get());
    client.readHead();
    expectStopped();
    long got = 0;
    for (String chunk = client.readChunk(); !chunk.isEmpty(); chunk = client.readChunk()) {
      got += chunk.length();
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(got).isEqualTo(LARGE);
  }

  @Test
  void aClientOfHttp10GetsAllOfItTooLongAfterTheServerIsGone() throws Exception {
    ready(connection -> {
      connection.readHead();
      connection.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
      write(connection, LARGE);
      connection.end();
    });
    RawClient client = slowClient().send("GET / HTTP/1.0\r\n\r\n");
    client.readHead();
    long got = 0;
    // Slower than the two seconds for which a connection lingers when all has been taken.
    for (int i = 0; i < 30; i++) {
      got += client.readBytes(100_000).length;
      LockSupport.parkNanos(100_000_000);
    }
    assertThat(got + client.readToEnd().length()).isEqualTo(LARGE);
  }

  @Test
  void aClientThatAsksAndTakesNothingIsEnded() throws Exception {
    limits = Varied.idleTimeout(limits, Duration.ofMillis(300));
    Backend backend =
        ready(connection -> {
          connection.readHead();
          connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + MANY + "\r\n\r\n");
          try {
            write(connection, MANY);
          } finally {
            connection.end();
          }
        });
    slowClient().send(get());
    Connection connection = backend.next();
    eventually("the server's connection is ended", () -> connection.socket().isClosed());
    eventually("the client's too", () -> gateway().clients() == 0);
    assertThat(passage().outcome()).isEqualTo(Outcome.LEFT);
    assertThat(written.get()).isLessThan(BOUND);
  }

  @Test
  void aClientThatPipelinesAndTakesNothingIsNotServedOn() throws Exception {
    String body = "a".repeat(50_000);
    Backend backend =
        ready(connection -> {
          for (String head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n" + body);
            written.addAndGet(body.length());
          }
        });
    RawClient client = slowClient();
    int requests = 4_000;
    client.send(get().repeat(requests));
    expectStopped();
    for (int i = 0; i < 500; i++) {
      assertThat(client.read().body()).hasSize(50_000);
    }
    assertThat(backend.connected()).isOne();
  }

  @Test
  void largeBodiesPassBothWaysUnchanged() throws Exception {
    byte[] body = new byte[LARGE];
    new java.util.Random(1).nextBytes(body);
    ready(connection -> {
      connection.readHead();
      byte[] got = connection.read(LARGE);
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + LARGE + "\r\n\r\n");
      connection.write(got);
    });
    RawClient client = connect();
    client.send(RawClient.request("POST / HTTP/1.1", "Host: a", "Content-Length: " + LARGE));
    client.send(body);
    client.readHead();
    assertThat(Arrays.equals(client.readBytes(LARGE), body)).isTrue();
    assertThat(passage().bytesOut()).isEqualTo(LARGE);
  }
}
