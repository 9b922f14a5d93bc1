package dev.vestibule.bench.gateway;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** One client that has sent its handshake, and what it heard. */
final class Client {

  /** Nothing was heard yet. */
  static final int WAITS = -1;

  /** Cut off without an answer, or not even connected. */
  static final int CUT_OFF = 0;

  private static final ByteBuffer HEARD = ByteBuffer.allocateDirect(4096);

  private final SocketChannel channel;
  private int status = WAITS;
  private long at;

  Client(SocketChannel channel) {
    this.channel = channel;
  }

  SocketChannel channel() {
    return channel;
  }

  boolean waits() {
    return status == WAITS;
  }

  boolean isOpen() {
    return status == 101 && channel.isOpen();
  }

  /** Sends the handshake on a connection that is open. */
  void knock(Selector selector) throws IOException {
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.register(selector, SelectionKey.OP_READ, this);
    // Smaller than any socket's buffer: it is taken whole.
    channel.write(ByteBuffer.wrap(Wire.HANDSHAKE));
  }

  void refused() {
    status = CUT_OFF;
    at = System.nanoTime();
  }

  /** Reads a head. It comes in one piece on loopback; one that does not is read as cut off. */
  void hear(SelectionKey key) {
    HEARD.clear();
    int read;
    try {
      read = channel.read(HEARD);
    } catch (IOException e) {
      read = -1;
    }
    at = System.nanoTime();
    int end = read < 0 ? -1 : Wire.endOfHead(HEARD, read);
    if (end < 0) {
      status = CUT_OFF;
    } else {
      byte[] head = new byte[12];
      HEARD.get(0, head);
      status = Integer.parseInt(new String(head, 9, 3, StandardCharsets.US_ASCII));
    }
    if (status != 101) {
      key.cancel();
    }
  }

  @Override
  public String toString() {
    return status + "@" + at;
  }
}
