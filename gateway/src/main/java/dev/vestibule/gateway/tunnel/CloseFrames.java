package dev.vestibule.gateway.tunnel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/** Close frames as a server sends them: whole, and not masked (RFC 6455 sections 5.1 and 5.5.1). */
public final class CloseFrames {

  /** The server is restarting: come back (IANA's registry of close codes). */
  public static final int SERVICE_RESTART = 1012;

  /** Overloaded or not yet able: come back later (the same). */
  public static final int TRY_AGAIN_LATER = 1013;

  /** What is behind the gateway is gone (the same). */
  public static final int BAD_GATEWAY = 1014;

  /** A control frame has room for 125 bytes, of which the code takes two. */
  public static final int MAX_REASON_BYTES = 123;

  private static final int FINAL_CLOSE = 0x88;

  private CloseFrames() {}

  /**
   * A close frame.
   *
   * @param allocator where the buffer comes from
   * @param code 1000 to 4999, but none that must not be sent: 1004, 1005, 1006 and 1015 (RFC 6455
   *     section 7.4.1)
   * @param reason for a person; at most {@value #MAX_REASON_BYTES} bytes of UTF-8, may be empty
   * @return the frame; the caller releases it
   * @throws IllegalArgumentException when the code or the reason cannot be sent
   */
  public static ByteBuf of(ByteBufAllocator allocator, int code, String reason) {
    boolean reserved = code == 1004 || code == 1005 || code == 1006 || code == 1015;
    if (code < 1000 || code > 4999 || reserved) {
      throw new IllegalArgumentException(
          "code: " + code + " (expected: 1000 to 4999, none of 1004, 1005, 1006, 1015)");
    }
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    if (text.length > MAX_REASON_BYTES) {
      throw new IllegalArgumentException(
          "reason: %d bytes (expected: at most %d)".formatted(text.length, MAX_REASON_BYTES));
    }
    return allocator
        .buffer(4 + text.length)
        .writeByte(FINAL_CLOSE)
        .writeByte(2 + text.length)
        .writeShort(code)
        .writeBytes(text);
  }
}
