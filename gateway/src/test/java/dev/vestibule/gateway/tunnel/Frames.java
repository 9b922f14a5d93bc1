package dev.vestibule.gateway.tunnel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Frames made by hand, and a reader of them that is as plain as can be, to compare with. */
final class Frames {

  static final int TEXT = 1;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  /** One frame as the plain reader sees it. */
  static final class Seen {

    private final int end;
    private final int opcode;
    private final byte[] payload;

    Seen(int end, int opcode, byte[] payload) {
      this.end = end;
      this.opcode = opcode;
      this.payload = payload;
    }

    int end() {
      return end;
    }

    int opcode() {
      return opcode;
    }

    byte[] payload() {
      return payload;
    }
  }

  private Frames() {}

  static byte[] frame(int opcode, byte @Nullable [] mask, byte[] payload) {
    return frame(0x80 | opcode, mask, payload, payload.length < 126 ? 1 : 0);
  }

  /** With the first byte as given; {@code lengthBytes}: 1, 2, 8, or 0 for as few as will do. */
  static byte[] frame(int first, byte @Nullable [] mask, byte[] payload, int lengthBytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int bit = mask == null ? 0 : 0x80;
    out.write(first);
    int size = lengthBytes == 0 ? fewest(payload.length) : lengthBytes;
    if (size == 1) {
      out.write(bit | payload.length);
    } else {
      out.write(bit | (size == 2 ? 126 : 127));
      for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
        out.write(shift > 24 ? 0 : payload.length >>> shift);
      }
    }
    if (mask != null) {
      out.writeBytes(mask);
    }
    out.writeBytes(masked(payload, mask));
    return out.toByteArray();
  }

  static byte[] masked(byte[] payload, byte @Nullable [] mask) {
    byte[] bytes = payload.clone();
    for (int i = 0; mask != null && i < bytes.length; i++) {
      bytes[i] ^= mask[i % 4];
    }
    return bytes;
  }

  private static int fewest(int length) {
    return length < 126 ? 1 : length < 65536 ? 2 : 8;
  }

  /** All frames of well-formed bytes; the last may be cut, and is then left out. */
  static List<Seen> read(byte[] bytes) {
    List<Seen> seen = new ArrayList<>();
    int at = 0;
    while (at + 2 <= bytes.length) {
      int opcode = bytes[at] & 0x0F;
      boolean masked = (bytes[at + 1] & 0x80) != 0;
      long length = bytes[at + 1] & 0x7F;
      at += 2;
      int more = length == 126 ? 2 : length == 127 ? 8 : 0;
      if (at + more > bytes.length) {
        break;
      }
      if (more > 0) {
        length = 0;
        for (int i = 0; i < more; i++) {
          length = length * 256 + (bytes[at++] & 0xFF);
        }
      }
      byte[] mask = null;
      if (masked && at + 4 <= bytes.length) {
        mask = new byte[] {bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]};
      }
      at += masked ? 4 : 0;
      if (length < 0 || at + length > bytes.length) {
        break;
      }
      byte[] payload = new byte[(int) length];
      System.arraycopy(bytes, at, payload, 0, payload.length);
      at += payload.length;
      seen.add(new Seen(at, opcode, masked(payload, mask)));
    }
    return seen;
  }

  /** Well-formed frames of all kinds and lengths, a close among them now and then. */
  static byte[] random(RandomGenerator random, int frames, boolean masked) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int[] opcodes = {0, TEXT, 2, PING, PONG, CLOSE};
    for (int i = 0; i < frames; i++) {
      int opcode = opcodes[random.nextInt(opcodes.length)];
      boolean control = opcode >= CLOSE;
      int most = control || random.nextInt(4) > 0 ? 126 : random.nextInt(8) > 0 ? 700 : 70_000;
      byte[] payload = new byte[random.nextInt(most)];
      random.nextBytes(payload);
      byte[] mask = masked ? new byte[4] : null;
      if (mask != null) {
        random.nextBytes(mask);
      }
      int bits = control || random.nextBoolean() ? 0x80 : 0;
      int reserved = random.nextInt(4) == 0 ? 0x40 : 0;
      int size = control ? 1 : random.nextInt(5) == 0 ? 8 : 0;
      out.writeBytes(frame(bits | reserved | opcode, mask, payload, size));
    }
    return out.toByteArray();
  }

  /** Cuts bytes into pieces, many of them tiny. */
  static List<ByteBuf> cut(RandomGenerator random, byte[] bytes) {
    List<ByteBuf> pieces = new ArrayList<>();
    int most = 1 << random.nextInt(14);
    for (int at = 0; at < bytes.length; ) {
      int size = Math.min(bytes.length - at, random.nextInt(most + 1));
      pieces.add(Unpooled.buffer(size).writeBytes(bytes, at, size));
      at += size;
    }
    return pieces;
  }
}
