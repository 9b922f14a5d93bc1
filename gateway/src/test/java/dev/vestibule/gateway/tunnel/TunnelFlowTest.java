package dev.vestibule.gateway.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.gateway.Backend;
import dev.vestibule.gateway.Backend.Connection;
import dev.vestibule.gateway.GatewayScene;
import dev.vestibule.testkit.RawClient;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** A slow side of a session stops the other, and loses nothing. */
class TunnelFlowTest extends GatewayScene {

  private static final int FRAME = 100_000;
  private static final int FRAMES = 1_000;
  private static final long BOUND = 40_000_000;

  private final AtomicLong written = new AtomicLong();

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

  private static byte[] serverFrame() {
    byte[] frame = new byte[10 + FRAME];
    frame[0] = (byte) 0x82;
    frame[1] = 127;
    frame[7] = (byte) (FRAME >> 16);
    frame[8] = (byte) (FRAME >> 8);
    frame[9] = (byte) FRAME;
    return frame;
  }

  @Test
  void aServerIsReadNoFasterThanItsClientTakesIt() throws Exception {
    expectAllArrives(FRAMES, false);
  }

  @Test
  void allOfItArrivesBehindTheServersEnd() throws Exception {
    // What fits in the buffers, so that the end comes while the client has taken nothing.
    expectAllArrives(20, true);
  }

  private void expectAllArrives(int frames, boolean ends) throws Exception {
    byte[] frame = serverFrame();
    CountDownLatch ended = new CountDownLatch(1);
    ready(connection -> {
      connection.readHead();
      connection.accept();
      for (int i = 0; i < frames; i++) {
        connection.write(frame);
        written.addAndGet(frame.length);
      }
      connection.write(new byte[] {(byte) 0x88, 2, 0x03, (byte) 0xE8});
      connection.end();
      ended.countDown();
    });
    RawClient client = open("/chat");
    if (ends) {
      assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    } else {
      expectStopped();
    }
    for (int i = 0; i < frames; i++) {
      byte[] got = client.readBytes(frame.length);
      assertThat(got[0]).isEqualTo((byte) 0x82);
    }
    assertThat(client.readClose()).isEqualTo(1000);
    client.awaitEnd();
    assertThat(passage().closeCode()).isEqualTo(1000);
    assertThat(passage().bytesOut()).isEqualTo((long) frames * frame.length + 4);
  }

  @Test
  void aClientIsReadNoFasterThanItsServerTakesIt() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    Backend backend =
        ready(connection -> {
          connection.readHead();
          connection.accept();
          await(seen);
          connection.keepRest();
        });
    RawClient client = open("/chat");
    byte[] frame = RawClient.largeFrame(FRAME);
    Thread sends = Thread.ofVirtual().start(() -> send(client, frame));
    expectStopped();
    seen.countDown();
    sends.join();
    client.endOutput();
    Connection connection = backend.next();
    assertThat(connection.rest()).hasSize(FRAMES * frame.length);
  }

  private void send(RawClient client, byte[] frame) {
    try {
      for (int i = 0; i < FRAMES; i++) {
        client.send(frame);
        written.addAndGet(frame.length);
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
}
