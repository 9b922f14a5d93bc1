package dev.vestibule.gateway.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.vestibule.gateway.tunnel.Frames.Seen;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;

/** Any bytes, in any cut: the same as whole, and as the plain reader sees them. */
class FrameFollowerFuzzTest {

  @FuzzTest(maxDuration = "10s")
  void sees(FuzzedDataProvider data) {
    int cut = data.consumeInt(1, 40);
    byte[] bytes = data.consumeRemainingAsBytes();
    FrameFollower whole = new FrameFollower();
    whole.follow(Unpooled.wrappedBuffer(bytes));
    FrameFollower pieces = new FrameFollower();
    for (int at = 0; at < bytes.length; at += cut) {
      ByteBuf piece = Unpooled.wrappedBuffer(bytes, at, Math.min(cut, bytes.length - at));
      pieces.follow(piece);
      assertThat(piece.readableBytes()).isEqualTo(Math.min(cut, bytes.length - at));
    }
    assertThat(pieces.atBoundary()).isEqualTo(whole.atBoundary());
    assertThat(pieces.lost()).isEqualTo(whole.lost());
    assertThat(pieces.closeCode()).isEqualTo(whole.closeCode());
    assertThat(pieces.closing()).isEqualTo(whole.closing());
    if (!whole.lost()) {
      List<Seen> frames = Frames.read(bytes);
      int end = frames.isEmpty() ? 0 : frames.getLast().end();
      assertThat(whole.atBoundary()).isEqualTo(end == bytes.length);
      assertThat(whole.closing()).isEqualTo(frames.stream().anyMatch(f -> f.opcode() == 8));
    }
  }
}
