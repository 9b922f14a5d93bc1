package dev.vestibule.bench.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One connection of the server behind: a handshake, then each message answered with itself. */
final class EchoConnection {

  private static final Pattern KEY =
      Pattern.compile("^sec-websocket-key: *(\\S+)", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

  /** Every client of the load has the same key; it is digested once. */
  private static final Map<String, byte[]> ANSWERS = new HashMap<>();

  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  private final SocketChannel channel;
  private ByteBuffer in = ByteBuffer.allocateDirect(512);
  private @Nullable ByteBuffer out;
  private boolean open;

  EchoConnection(SocketChannel channel) {
    this.channel = channel;
  }

  void ready(SelectionKey key) {
    try {
      if (out != null) {
        flush(key, out);
      } else if (channel.read(in) < 0) {
        channel.close();
      } else {
        answer(key);
      }
    } catch (IOException e) {
      close();
    }
  }

  private void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answer(SelectionKey key) throws IOException {
    while (out == null && channel.isOpen()) {
      int used = open ? frame(key) : handshake();
      if (used == 0) {
        return;
      }
      if (out == null) {
        take(used);
      }
    }
  }

  private void take(int used) {
    int left = in.position() - used;
    if (left > 0) {
      in.flip().position(used);
      in.compact();
    } else {
      in.clear();
    }
  }

  private int handshake() throws IOException {
    int end = Wire.endOfHead(in, in.position());
    if (end < 0) {
      room(in.capacity() + 1);
      return 0;
    }
    byte[] head = new byte[end];
    in.get(0, head);
    Matcher key = KEY.matcher(new String(head, StandardCharsets.US_ASCII));
    if (!key.find()) {
      channel.close();
      return 0;
    }
    // Smaller than any socket's buffer: it is taken whole.
    channel.write(ByteBuffer.wrap(ANSWERS.computeIfAbsent(key.group(1), EchoConnection::accept)));
    open = true;
    return end;
  }

  /** RFC 6455 4.2.2: what proves that the key was read. */
  private static byte[] accept(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest(
                  (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                      .getBytes(StandardCharsets.US_ASCII));
      return """
      HTTP/1.1 101 Switching Protocols\r
      Upgrade: websocket\r
      Connection: Upgrade\r
      Sec-WebSocket-Accept: %s\r
      \r
      """
          .formatted(Base64.getEncoder().encodeToString(digest))
          .getBytes(StandardCharsets.US_ASCII);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-1", e);
    }
  }

  /**
   * Answers the frame that begins the buffer. Returns how many bytes it had; 0: it is not whole.
   */
  private int frame(SelectionKey key) throws IOException {
    int have = in.position();
    if (have < 2) {
      return 0;
    }
    int length = in.get(1) & 0x7f;
    int lengthBytes = length == 126 ? 2 : 0;
    int start = 2 + lengthBytes + 4;
    if (have < start) {
      return 0;
    }
    if (lengthBytes > 0) {
      length = in.getShort(2) & 0xffff;
    }
    int end = start + length;
    if (have < end) {
      room(end);
      return 0;
    }
    int opcode = in.get(0) & 0x0f;
    if (opcode == CLOSE) {
      channel.close();
      return 0;
    }
    // The answer's head, which has no mask, is laid over the end of the question's.
    int at = start - 2 - lengthBytes;
    in.put(at, (byte) (0x80 | (opcode == PING ? PONG : opcode)));
    in.put(at + 1, (byte) (lengthBytes > 0 ? 126 : length));
    if (lengthBytes > 0) {
      in.putShort(at + 2, (short) length);
    }
    flush(key, in.slice(at, end - at));
    return end;
  }

  /** Writes; what is not taken at once is written before anything else is read. */
  private void flush(SelectionKey key, ByteBuffer answer) throws IOException {
    channel.write(answer);
    if (answer.hasRemaining()) {
      if (out == null) {
        out = answer;
        key.interestOps(SelectionKey.OP_WRITE);
      }
      return;
    }
    if (out != null) {
      // The clients send nothing before they are answered: the buffer has nothing else.
      out = null;
      in.clear();
      key.interestOps(SelectionKey.OP_READ);
    }
  }

  private void room(int wanted) {
    if (in.capacity() < wanted) {
      ByteBuffer larger = ByteBuffer.allocateDirect(Math.max(wanted, in.capacity() * 2));
      in = larger.put(in.flip());
    }
  }
}
