package dev.vestibule.gateway.tunnel;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.vestibule.gateway.tunnel.Frames.Seen;
import dev.vestibule.gateway.tunnel.Heartbeat.Due;
import dev.vestibule.testkit.ManualTime;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * When a client is asked and when it is gone; and that its answer alone is kept from the server.
 */
class HeartbeatTest {

  private static final byte[] MASK = {1, 2, 3, 4};

  private final ManualTime time = new ManualTime();
  private final FrameFollower client = new FrameFollower();
  private final Heartbeat heartbeat = new Heartbeat(ofSeconds(20), client, time.read());

  private byte[] ping() {
    ByteBuf ping = heartbeat.ping(UnpooledByteBufAllocator.DEFAULT, time.read());
    byte[] bytes = ByteBufUtil.getBytes(ping);
    ping.release();
    return bytes;
  }

  /** The payload of a ping, which goes out unmasked and whole. */
  private byte[] payload() {
    List<Seen> frames = Frames.read(ping());
    assertThat(frames).hasSize(1);
    assertThat(frames.getFirst().opcode()).isEqualTo(Frames.PING);
    return frames.getFirst().payload();
  }

  private byte[] passed(byte[]... pieces) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] piece : pieces) {
      ByteBuf in = Unpooled.buffer(piece.length + 1).writeBytes(piece);
      ByteBuf passed = heartbeat.filter(in, time.read());
      out.writeBytes(ByteBufUtil.getBytes(passed));
      assertThat(passed.refCnt()).isEqualTo(1);
      passed.release();
      assertThat(in.refCnt()).isZero();
    }
    return out.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] part(byte[] bytes, int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }

  @Test
  void asksWhoIsSilentAndGivesUpWhoDoesNotAnswer() {
    time.advance(ofSeconds(20).minusNanos(1));
    assertThat(heartbeat.due(time.read())).isEqualTo(Due.NOTHING);
    assertThat(heartbeat.nextIn(time.read())).isEqualTo(1);
    time.advance(Duration.ofNanos(1));
    assertThat(heartbeat.due(time.read())).isEqualTo(Due.PING);
    time.advance(ofSeconds(5)); // in mid-frame until now
    ping();
    assertThat(heartbeat.nextIn(time.read())).isEqualTo(ofSeconds(20).toNanos());
    time.advance(ofSeconds(20).minusNanos(1));
    assertThat(heartbeat.due(time.read())).isEqualTo(Due.NOTHING);
    time.advance(Duration.ofNanos(1));
    assertThat(heartbeat.due(time.read())).isEqualTo(Due.GONE);
  }

  @Test
  void takesAnyByteForAnAnswer() {
    time.advance(ofSeconds(20));
    ping();
    time.advance(ofSeconds(19));
    assertThat(passed(new byte[] {(byte) 0x81})).hasSize(1);
    time.advance(ofSeconds(19));
    assertThat(heartbeat.due(time.read())).isEqualTo(Due.NOTHING);
    time.advance(ofSeconds(1));
    assertThat(heartbeat.due(time.read())).isEqualTo(Due.PING);
  }

  @Test
  void givesUpWhoTakesNothingEither() {
    time.advance(ofSeconds(20));
    heartbeat.blocked(time.read());
    time.advance(ofSeconds(10));
    heartbeat.heard(time.read());
    time.advance(ofSeconds(20));
    assertThat(heartbeat.due(time.read())).isEqualTo(Due.PING);
    heartbeat.blocked(time.read());
    time.advance(ofSeconds(20));
    assertThat(heartbeat.due(time.read())).isEqualTo(Due.GONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"83", "888000000000"})
  void asksNobodyWhoseAnswerCouldNotBeToldOrWhoHasSaidGoodbye(String hex) {
    passed(ByteBufUtil.decodeHexDump(hex));
    time.advance(ofSeconds(60));
    assertThat(heartbeat.due(time.read())).isEqualTo(Due.NOTHING);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1})
  void needsAnInterval(long nanos) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Heartbeat(Duration.ofNanos(nanos), client, 0))
        .withMessageStartingWith("heartbeat: ");
  }

  @Test
  void swallowsTheAnswerCutAnywhereBetweenOtherFrames() {
    byte[] pong = Frames.frame(Frames.PONG, MASK, payload());
    byte[] before = Frames.frame(Frames.TEXT, MASK, new byte[5]);
    byte[] after = Frames.frame(0, MASK, new byte[300]);
    byte[] all = join(before, pong, after);
    for (int first = 0; first <= all.length; first++) {
      for (int second = first; second <= Math.min(all.length, first + 40); second++) {
        byte[] passed =
            passed(part(all, 0, first), part(all, first, second), part(all, second, all.length));
        assertThat(passed).as("cut at %d and %d", first, second).isEqualTo(join(before, after));
        assertThat(client.atBoundary()).isTrue();
        assertThat(heartbeat.restOrNull()).isNull();
      }
    }
  }

  @Test
  void passesTheAnswersToThePingsOfTheServer() {
    byte[] own = payload();
    byte[] other = own.clone();
    other[15] ^= 1;
    byte[] longer = Arrays.copyOf(own, 17);
    byte[] reserved = Frames.frame(0xC0 | Frames.PONG, MASK, own, 1);
    byte[] unmasked = Frames.frame(Frames.PONG, null, own);
    byte[] ping = Frames.frame(Frames.PING, MASK, own);
    byte[] text = Frames.frame(Frames.TEXT, MASK, Frames.frame(Frames.PONG, MASK, own));
    byte[] all =
        join(
            Frames.frame(Frames.PONG, MASK, other),
            Frames.frame(Frames.PONG, MASK, longer),
            Frames.frame(Frames.PONG, MASK, new byte[0]),
            reserved,
            unmasked,
            ping,
            text);
    for (int size = 1; size <= all.length; size++) {
      List<byte[]> pieces = new ArrayList<>();
      for (int at = 0; at < all.length; at += size) {
        pieces.add(part(all, at, Math.min(all.length, at + size)));
      }
      assertThat(passed(pieces.toArray(byte[][]::new))).as("pieces of %d", size).isEqualTo(all);
    }
  }

  @Test
  void passesAnAnswerToAPingThatWasNeverSent() {
    byte[] foreign = payloadOfAnother();
    byte[] pong = Frames.frame(Frames.PONG, MASK, foreign);
    assertThat(passed(pong)).isEqualTo(pong);
    ping();
    assertThat(passed(pong)).isEqualTo(pong);
  }

  private byte[] payloadOfAnother() {
    Heartbeat other = new Heartbeat(ofSeconds(1), new FrameFollower(), 0);
    ByteBuf ping = other.ping(UnpooledByteBufAllocator.DEFAULT, 0);
    byte[] payload = Frames.read(ByteBufUtil.getBytes(ping)).getFirst().payload();
    ping.release();
    return payload;
  }

  @Test
  void handsOverWhatItWithheldFromTheLastFrame() {
    byte[] pong = Frames.frame(Frames.PONG, MASK, payload());
    assertThat(passed(part(pong, 0, 21))).isEmpty();
    ByteBuf rest = Objects.requireNonNull(heartbeat.restOrNull());
    assertThat(ByteBufUtil.getBytes(rest)).isEqualTo(part(pong, 0, 21));
    rest.release();
    assertThat(heartbeat.restOrNull()).isNull();
  }

  @Test
  void withholdsNoOtherFrame() {
    ping();
    assertThat(passed(new byte[] {(byte) 0x81})).hasSize(1);
    assertThat(passed(new byte[] {(byte) 0x80})).hasSize(1);
    assertThat(passed(MASK)).hasSize(4);
    assertThat(passed(new byte[] {(byte) 0x8A})).isEmpty();
    assertThat(passed(new byte[] {(byte) 0x84})).hasSize(2);
  }

  @Test
  void passesAllElseInAnyCut() {
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      byte[] pong = Frames.frame(Frames.PONG, MASK, payload());
      ByteArrayOutputStream in = new ByteArrayOutputStream();
      ByteArrayOutputStream expected = new ByteArrayOutputStream();
      for (int i = random.nextInt(20); i >= 0; i--) {
        byte[] frames = Frames.random(random, random.nextInt(3), true);
        in.writeBytes(frames);
        expected.writeBytes(frames);
        in.writeBytes(random.nextBoolean() ? pong : new byte[0]);
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (ByteBuf piece : Frames.cut(random, in.toByteArray())) {
        ByteBuf passed = heartbeat.filter(piece, time.read());
        out.writeBytes(ByteBufUtil.getBytes(passed));
        passed.release();
      }
      assertThat(out.toByteArray()).as("seed %d", seed).isEqualTo(expected.toByteArray());
    }
  }
}
