package dev.vestibule.gateway.tunnel;

import io.netty.buffer.ByteBuf;

/**
 * Follows the frames of one direction of a WebSocket (RFC 6455 section 5.2) through the bytes that
 * pass, however they are cut, so that the gateway knows when it may speak between two of them. It
 * copies, unmasks and keeps nothing, and looks at headers alone: a chunk costs what the frames that
 * begin in it cost, whatever their size.
 *
 * <p>It refuses nothing, since bytes pass untouched and the receiver judges them. But where a frame
 * is one that must not be sent (a reserved opcode, a control frame that is fragmented or longer
 * than 125 bytes, a length with its top bit set), two receivers may disagree about where it ends;
 * from there on it is {@link #lost()} and claims no boundary any more. Reserved bits are left to
 * extensions, and a length written longer than needed is followed: where such frames end is clear.
 *
 * <p>Not safe for use by several threads: it belongs to the event loop of its connection. Small (32
 * bytes of fields and header), because each tunnel has two.
 */
public final class FrameFollower {

  /** No close frame has been seen. */
  public static final int NONE = 0;

  /** A close frame without a code, RFC 6455 section 7.4.1. */
  public static final int NO_CODE = 1005;

  private static final int MASKED = 0x80;
  private static final int FINAL = 0x80;
  private static final int CONTROL = 0x08;
  private static final int CLOSE = 0x08;
  private static final int PONG = 0x0A;

  // What the next byte is.
  private static final byte FIRST = 0;
  private static final byte SECOND = 1;
  private static final byte LENGTH = 2;
  private static final byte MASK = 3;
  private static final byte PAYLOAD = 4;
  private static final byte LOST = 5;

  /** Bytes of the payload that are still to come; while a length is read, what is known of it. */
  private long left;

  private int mask;
  private short code;
  private byte expected = FIRST;

  /** Bytes of the length or the mask that are still to come. */
  private byte headerLeft;

  private byte first;
  private boolean masked;

  /** How many bytes of the first close frame's code have been taken. */
  private byte codeBytes;

  private boolean closing;

  /** At a boundary: nothing has passed yet. */
  public FrameFollower() {}

  /**
   * Bytes that pass.
   *
   * @param bytes its readable bytes are looked at; neither its indexes nor its count of references
   *     change
   */
  public void follow(ByteBuf bytes) {
    int end = bytes.writerIndex();
    int at = bytes.readerIndex();
    while (at < end) {
      at = followOne(bytes, at, end);
    }
  }

  /**
   * Whether a frame of one's own may be put in here: before the first byte of a frame, also between
   * two fragments of a message (RFC 6455 section 5.4).
   *
   * @return false within a frame, and for good once {@link #lost()}
   */
  public boolean atBoundary() {
    return expected == FIRST;
  }

  /**
   * What the first close frame said.
   *
   * @return {@link #NONE} while there was none or its code has not come; {@link #NO_CODE} for one
   *     without a code; 0 to 65535 else, as it was sent
   */
  public int closeCode() {
    return codeBytes == 2 ? code & 0xFFFF : NONE;
  }

  /**
   * Whether a whole close frame has passed, after which nothing more may be said in this direction
   * (RFC 6455 section 5.5.1).
   *
   * @return never false again once true
   */
  public boolean closing() {
    return closing;
  }

  /**
   * Whether a frame came that must not be sent, so that no boundary is known any more.
   *
   * @return never false again once true
   */
  public boolean lost() {
    return expected == LOST;
  }

  /**
   * Follows to the end of the frame or of the bytes, whichever is nearer; returns where that is.
   */
  int followOne(ByteBuf bytes, int from, int end) {
    int at = from;
    do {
      switch (expected) {
        case FIRST -> first(bytes.getByte(at++));
        case SECOND -> second(bytes.getByte(at++));
        case LENGTH -> length(bytes.getByte(at++));
        case MASK -> mask(bytes.getByte(at++));
        case PAYLOAD -> at = payload(bytes, at, end);
        default -> {
          return end;
        }
      }
    } while (at < end && expected != FIRST);
    return at;
  }

  private void first(byte b) {
    first = b;
    int opcode = b & 0x0F;
    boolean control = (opcode & CONTROL) != 0;
    boolean known = control ? opcode <= PONG : opcode <= 2;
    expected = known && (!control || (b & FINAL) != 0) ? SECOND : LOST;
  }

  private void second(byte b) {
    masked = (b & MASKED) != 0;
    int length = b & 0x7F;
    if (length > 125 && (first & CONTROL) != 0) {
      expected = LOST;
    } else if (length > 125) {
      left = 0;
      headerLeft = (byte) (length == 126 ? 2 : 8);
      expected = LENGTH;
    } else {
      left = length;
      afterLength();
    }
  }

  private void length(byte b) {
    left = left << 8 | (b & 0xFF);
    if (--headerLeft == 0) {
      if (left < 0) {
        expected = LOST;
      } else {
        afterLength();
      }
    }
  }

  private void afterLength() {
    if (masked) {
      headerLeft = 4;
      expected = MASK;
    } else {
      afterHeader();
    }
  }

  private void mask(byte b) {
    mask = mask << 8 | (b & 0xFF);
    if (--headerLeft == 0) {
      afterHeader();
    }
  }

  private void afterHeader() {
    expected = PAYLOAD;
    if (left == 0) {
      afterPayload();
    }
  }

  private int payload(ByteBuf bytes, int from, int end) {
    int at = from;
    while (isClose() && codeBytes < 2 && left > 0 && at < end) {
      int key = masked ? mask >>> (24 - 8 * codeBytes) : 0;
      code = (short) (code << 8 | ((bytes.getByte(at++) ^ key) & 0xFF));
      codeBytes++;
      left--;
    }
    long taken = Math.min(left, end - at);
    left -= taken;
    if (left == 0) {
      afterPayload();
    }
    return at + (int) taken;
  }

  private void afterPayload() {
    expected = FIRST;
    if (isClose() && !closing) {
      closing = true;
      if (codeBytes < 2) {
        // Also one byte, which is none.
        code = NO_CODE;
        codeBytes = 2;
      }
    }
  }

  private boolean isClose() {
    return (first & 0x0F) == CLOSE;
  }
}
