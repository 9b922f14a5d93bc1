package dev.vestibule.bench.gateway;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The bytes that the clients and the server behind agree on. */
final class Wire {

  /** What ends the head of a request and of an answer. */
  static final byte[] END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** A handshake, as a browser would send one, shortened. */
  static final byte[] HANDSHAKE =
      """
      GET /chat HTTP/1.1\r
      Host: 127.0.0.1\r
      Origin: http://127.0.0.1\r
      User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r
      Upgrade: websocket\r
      Connection: Upgrade\r
      Sec-WebSocket-Version: 13\r
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
      \r
      """
          .getBytes(StandardCharsets.US_ASCII);

  private static final int LARGEST_IN_ONE_BYTE = 125;

  private Wire() {}

  /**
   * A binary message of a client, in one frame. Its mask is zero, which RFC 6455 allows and which
   * spares the server the unmasking: neither is what is measured.
   */
  static ByteBuffer message(int size) {
    ByteBuffer frame = ByteBuffer.allocateDirect(size + 8);
    frame.put((byte) 0x82);
    if (size <= LARGEST_IN_ONE_BYTE) {
      frame.put((byte) (0x80 | size));
    } else {
      frame.put((byte) (0x80 | 126)).putShort((short) size);
    }
    frame.putInt(0);
    for (int i = 0; i < size; i++) {
      frame.put((byte) i);
    }
    return frame.flip();
  }

  /** How many bytes the server answers a message of that size with. */
  static int answerLength(int size) {
    return size + (size <= LARGEST_IN_ONE_BYTE ? 2 : 4);
  }

  /** Where the head that begins the buffer ends, or -1. */
  static int endOfHead(ByteBuffer buffer, int length) {
    for (int i = 0; i + END.length <= length; i++) {
      if (buffer.get(i) == '\r'
          && buffer.get(i + 1) == '\n'
          && buffer.get(i + 2) == '\r'
          && buffer.get(i + 3) == '\n') {
        return i + END.length;
      }
    }
    return -1;
  }
}
