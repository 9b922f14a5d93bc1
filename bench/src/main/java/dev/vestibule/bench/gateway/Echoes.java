package dev.vestibule.bench.gateway;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;

/** Sends a message on each tunnel, and the next once it has come back. */
final class Echoes {

  private final Selector selector;
  private final ByteBuffer message;
  private final int answerLength;
  private final ByteBuffer heard = ByteBuffer.allocateDirect(64 * 1024);
  private final Window window = new Window();
  private boolean over;

  Echoes(Selector selector, int size) {
    this.selector = selector;
    this.message = Wire.message(size);
    this.answerLength = Wire.answerLength(size);
  }

  String run(List<Client> clients, int warmMillis, int millis) throws IOException {
    for (Client client : clients) {
      if (client.isOpen()) {
        SelectionKey key = client.channel().keyFor(selector);
        Tunnel tunnel = new Tunnel(client.channel());
        key.attach(tunnel);
        tunnel.send(key);
      }
    }
    String ended =
        window.run(selector, key -> ((Tunnel) key.attachment()).ready(key), warmMillis, millis);
    over = true;
    lastOnesComeBack();
    return ended;
  }

  /** So that the next to use these tunnels finds them empty. */
  private void lastOnesComeBack() throws IOException {
    long deadline = System.nanoTime() + 2_000_000_000L;
    while (System.nanoTime() < deadline
        && selector.keys().stream()
            .anyMatch(key -> key.attachment() instanceof Tunnel tunnel && tunnel.missing > 0)) {
      selector.select(key -> ((Tunnel) key.attachment()).ready(key), 10);
    }
  }

  private final class Tunnel {
    private final SocketChannel channel;
    private final ByteBuffer out = message.duplicate();
    private int missing;
    private long sentAt;

    Tunnel(SocketChannel channel) {
      this.channel = channel;
    }

    void ready(SelectionKey key) {
      try {
        if (key.isWritable()) {
          write(key);
        } else {
          read(key);
        }
      } catch (IOException e) {
        lost(key);
      }
    }

    void send(SelectionKey key) throws IOException {
      out.clear().limit(message.limit());
      missing = answerLength;
      sentAt = System.nanoTime();
      write(key);
    }

    private void write(SelectionKey key) throws IOException {
      channel.write(out);
      int wanted = out.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ;
      if (key.interestOps() != wanted) {
        key.interestOps(wanted);
      }
    }

    private void read(SelectionKey key) throws IOException {
      heard.clear();
      int read = channel.read(heard);
      missing -= read;
      if (read < 0 || missing < 0) {
        lost(key);
      } else if (missing == 0) {
        window.done(sentAt, System.nanoTime());
        if (!over) {
          send(key);
        }
      }
    }

    private void lost(SelectionKey key) {
      missing = 0;
      key.cancel();
      window.failed();
    }
  }
}
