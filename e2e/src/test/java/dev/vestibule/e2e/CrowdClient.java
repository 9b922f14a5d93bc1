package dev.vestibule.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** One of a {@link Crowd}, on its thread. */
final class CrowdClient {

  private static final byte[] ASK =
      ("GET /chat HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
          .getBytes(ISO_8859_1);

  /** Text "hi" with a mask of zeros, RFC 6455 section 5.2. */
  private static final byte[] HI = {(byte) 0x81, (byte) 0x82, 0, 0, 0, 0, 'h', 'i'};

  private static final int CLOSE = 8;

  private final Crowd crowd;
  private final ByteBuffer in = ByteBuffer.allocate(2048);
  private @Nullable SocketChannel channel;
  private boolean connected;
  private boolean open;
  private boolean over;

  CrowdClient(Crowd crowd) {
    this.crowd = crowd;
  }

  void connect(InetSocketAddress address, Selector selector) {
    try {
      SocketChannel made = SocketChannel.open();
      channel = made;
      made.configureBlocking(false);
      made.register(selector, SelectionKey.OP_CONNECT, this);
      made.connect(address);
    } catch (IOException e) {
      crowd.connected();
      end("not connected");
    }
  }

  /** Its channel can connect or be read. */
  void ready(SelectionKey key) {
    SocketChannel made = channel;
    if (made == null) {
      return;
    }
    try {
      if (!connected) {
        finishConnect(made, key);
        return;
      }
      int read = made.read(in);
      if (read > 0) {
        in.flip();
        understand();
        in.compact();
      } else if (read < 0) {
        ended();
      }
    } catch (IOException e) {
      ended();
    }
  }

  private void finishConnect(SocketChannel made, SelectionKey key) {
    connected = true;
    crowd.connected();
    try {
      made.finishConnect();
      key.interestOps(SelectionKey.OP_READ);
      made.write(ByteBuffer.wrap(ASK));
      crowd.happened("connected");
    } catch (IOException e) {
      end("not connected");
    }
  }

  private void understand() {
    if (!open && !answered()) {
      return;
    }
    while (!over && in.remaining() >= 2) {
      int length = in.get(in.position() + 1);
      if (in.remaining() < 2 + length) {
        return;
      }
      int kind = in.get() & 0x0f;
      in.get();
      int code = kind == CLOSE && length >= 2 ? in.getShort(in.position()) & 0xffff : 1005;
      in.position(in.position() + length);
      if (kind == CLOSE) {
        end("closed " + code);
      } else {
        crowd.happened("echoed");
        say();
      }
    }
  }

  /** Whether it is open now. */
  private boolean answered() {
    String text = new String(in.array(), 0, in.limit(), ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      return false;
    }
    String status = text.substring(9, 12);
    if (!status.equals("101")) {
      end("answered " + status);
      return false;
    }
    in.position(end + 4);
    open = true;
    crowd.happened("open");
    say();
    return true;
  }

  /** If it is open, and the crowd talks. */
  void say() {
    SocketChannel made = channel;
    if (made == null || !open || over || !crowd.talks()) {
      return;
    }
    try {
      made.write(ByteBuffer.wrap(HI));
    } catch (IOException e) {
      ended();
    }
  }

  private void ended() {
    if (open) {
      end(in.position() == 0 ? "lost" : "lost in a frame");
    } else {
      end("unanswered");
    }
  }

  private void end(String how) {
    if (over) {
      return;
    }
    over = true;
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // It is gone anyway.
    }
    crowd.happened(how);
  }
}
