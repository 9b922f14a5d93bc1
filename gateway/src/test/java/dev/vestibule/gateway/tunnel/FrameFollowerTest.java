package dev.vestibule.gateway.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.gateway.tunnel.Frames.Seen;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where frames begin and end, whatever the cut, against a reader that is as plain as can be. */
class FrameFollowerTest {

  private static final byte[] MASK = {0x11, (byte) 0x92, 0x73, (byte) 0xF4};

  private final FrameFollower follower = new FrameFollower();

  private void follow(String hex) {
    follower.follow(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)));
  }

  @ParameterizedTest
  @CsvSource({
    "'', true",
    "81, false",
    "8100, true",
    "8180, false",
    "8180aabbcc, false",
    "8180aabbccdd, true",
    "810161, true",
    "810261, false",
    "81016181, false",
    "817e, false",
    "817e00, false",
    "817e0000, true",
    "817e000261, false",
    "817e00026161, true",
    "817f0000000000000000, true",
    "817f000000000000000161, true",
    "817f000000010000000061, false",
    "817f7fffffffffffffff61, false",
    "0100, true",
    "c100, true",
    "f100, true"
  })
  void knowsWhereFramesEnd(String hex, boolean boundary) {
    follow(hex);
    assertThat(follower.atBoundary()).isEqualTo(boundary);
    assertThat(follower.lost()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "83",
        "87",
        "8b",
        "8f",
        "03", // reserved opcodes
        "08",
        "09",
        "0a", // control frames in fragments
        "887e",
        "897f",
        "8afe", // control frames that are too long
        "817f8000000000000000",
        "827fffffffffffffffff" // top bit
      })
  void claimsNothingAfterWhatMustNotBeSent(String hex) {
    follow(hex);
    assertThat(follower.lost()).isTrue();
    follow("8100810081008100");
    assertThat(follower.lost()).isTrue();
    assertThat(follower.atBoundary()).isFalse();
    assertThat(follower.closeCode()).isEqualTo(FrameFollower.NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "88, 0, false",
    "8800, 1005, true",
    "880161, 1005, true",
    "880203, 0, false",
    "880203e8, 1000, true",
    "880403e861, 1000, false",
    "880403e86162, 1000, true",
    "88021131, 4401, true",
    "8802ffff, 65535, true",
    "88020000, 0, true",
    "8100880203f4, 1012, true",
    "880203e8880203e9, 1000, true",
    "8800880203e9, 1005, true",
    "888000000000, 1005, true"
  })
  void tellsTheFirstCloseCode(String hex, int code, boolean closing) {
    follow(hex);
    assertThat(follower.closeCode()).isEqualTo(code);
    assertThat(follower.closing()).isEqualTo(closing);
  }

  @Test
  void unmasksTheCloseCodeHoweverItIsCut() {
    byte[] frame = Frames.frame(Frames.CLOSE, MASK, new byte[] {0x11, 0x31, 'b', 'y', 'e'});
    for (int cut = 0; cut <= frame.length; cut++) {
      FrameFollower cutFollower = new FrameFollower();
      cutFollower.follow(Unpooled.wrappedBuffer(frame, 0, cut));
      assertThat(cutFollower.closing()).isEqualTo(cut == frame.length);
      cutFollower.follow(Unpooled.wrappedBuffer(frame, cut, frame.length - cut));
      assertThat(cutFollower.closeCode()).isEqualTo(4401);
      assertThat(cutFollower.closing()).isTrue();
      assertThat(cutFollower.atBoundary()).isTrue();
    }
  }

  @Test
  void leavesTheBytesAlone() {
    ByteBuf bytes = Unpooled.buffer().writeZero(3).writeBytes(Frames.frame(1, MASK, new byte[200]));
    bytes.readerIndex(3);
    ByteBuf before = bytes.copy();
    follower.follow(bytes);
    assertThat(follower.atBoundary()).isTrue();
    assertThat(bytes).isEqualTo(before);
    assertThat(bytes.readerIndex()).isEqualTo(3);
    assertThat(bytes.refCnt()).isEqualTo(1);
  }

  @Test
  void seesTheSameBoundariesInAnyCut() {
    for (long seed = 0; seed < 400; seed++) {
      Random random = new Random(seed);
      byte[] bytes = Frames.random(random, 1 + random.nextInt(30), random.nextBoolean());
      List<Seen> frames = Frames.read(bytes);
      Set<Integer> boundaries = new TreeSet<>(Set.of(0));
      frames.forEach(frame -> boundaries.add(frame.end()));
      FrameFollower any = new FrameFollower();
      int at = 0;
      for (ByteBuf piece : Frames.cut(random, bytes)) {
        any.follow(piece);
        at += piece.readableBytes();
        assertThat(any.atBoundary())
            .as("seed %d, byte %d", seed, at)
            .isEqualTo(boundaries.contains(at));
        assertThat(any.closing()).as("seed %d, byte %d", seed, at).isEqualTo(closedBy(frames, at));
      }
      assertThat(any.closeCode()).as("seed %d", seed).isEqualTo(firstCode(frames));
      assertThat(any.lost()).isFalse();
    }
  }

  private static boolean closedBy(List<Seen> frames, int at) {
    return frames.stream().anyMatch(frame -> frame.opcode() == Frames.CLOSE && frame.end() <= at);
  }

  private static int firstCode(List<Seen> frames) {
    return frames.stream()
        .filter(frame -> frame.opcode() == Frames.CLOSE)
        .findFirst()
        .map(Seen::payload)
        .map(p -> p.length < 2 ? 1005 : (p[0] & 0xFF) << 8 | (p[1] & 0xFF))
        .orElse(0);
  }
}
