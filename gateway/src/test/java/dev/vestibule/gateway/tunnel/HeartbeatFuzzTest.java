package dev.vestibule.gateway.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Any bytes with answers among them, in any cut: all but the answers pass, in order. */
class HeartbeatFuzzTest {

  @FuzzTest(maxDuration = "10s")
  void passes(FuzzedDataProvider data) {
    FrameFollower client = new FrameFollower();
    Heartbeat heartbeat = new Heartbeat(Duration.ofSeconds(1), client, 0);
    ByteBuf ping = heartbeat.ping(UnpooledByteBufAllocator.DEFAULT, 0);
    byte[] mask = data.consumeBytes(4);
    byte[] payload = Frames.read(ByteBufUtil.getBytes(ping)).getFirst().payload();
    ping.release();
    byte[] pong = Frames.frame(Frames.PONG, mask.length == 4 ? mask : new byte[4], payload);
    FrameFollower whole = new FrameFollower();
    ByteArrayOutputStream in = new ByteArrayOutputStream();
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    int cut = data.consumeInt(1, 60);
    while (data.remainingBytes() > 0) {
      byte[] bytes = data.consumeBytes(data.consumeInt(0, 50));
      whole.follow(Unpooled.wrappedBuffer(bytes));
      in.writeBytes(bytes);
      expected.writeBytes(bytes);
      // At a boundary it is an answer, anywhere else part of a frame.
      boolean answer = whole.atBoundary();
      whole.follow(Unpooled.wrappedBuffer(pong));
      in.writeBytes(pong);
      if (!answer) {
        expected.writeBytes(pong);
      }
    }
    byte[] passed = passed(heartbeat, in.toByteArray(), cut);
    // A frame of any length may have begun within the bytes of what looks like an answer.
    assertThat(passed).isEqualTo(expected.toByteArray());
    assertThat(client.atBoundary()).isEqualTo(whole.atBoundary());
  }

  private static byte[] passed(Heartbeat heartbeat, byte[] in, int cut) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int at = 0; at < in.length; at += cut) {
      int size = Math.min(cut, in.length - at);
      ByteBuf chunk = Unpooled.buffer(size).writeBytes(in, at, size);
      take(heartbeat.filter(chunk, 0), out);
      assertThat(chunk.refCnt()).isZero();
    }
    take(heartbeat.restOrNull(), out);
    return out.toByteArray();
  }

  private static void take(@Nullable ByteBuf bytes, ByteArrayOutputStream out) {
    if (bytes != null) {
      out.writeBytes(ByteBufUtil.getBytes(bytes));
      assertThat(bytes.release()).isTrue();
    }
  }
}
