package dev.vestibule.bench.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** Connects, asks, hears the 101, closes, and begins again. */
final class Handshakes {

  private final Selector selector;
  private final InetSocketAddress proxy;
  private final int atOnce;
  private final ByteBuffer heard = ByteBuffer.allocateDirect(4096);
  private final ByteBuffer question = ByteBuffer.allocateDirect(Wire.HANDSHAKE.length);
  private final Window window = new Window();

  Handshakes(Selector selector, int port, int atOnce) {
    this.selector = selector;
    this.proxy = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.atOnce = atOnce;
    question.put(Wire.HANDSHAKE);
  }

  String run(int warmMillis, int millis) throws IOException {
    for (int i = 0; i < atOnce; i++) {
      begin();
    }
    String ended = window.run(selector, this::ready, warmMillis, millis);
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.selectNow();
    return ended;
  }

  private void begin() throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.configureBlocking(false);
    long now = System.nanoTime();
    if (channel.connect(proxy)) {
      ask(channel);
      channel.register(selector, SelectionKey.OP_READ, now);
    } else {
      channel.register(selector, SelectionKey.OP_CONNECT, now);
    }
  }

  private void ask(SocketChannel channel) throws IOException {
    channel.write(question.flip());
  }

  private void ready(SelectionKey key) {
    SocketChannel channel = (SocketChannel) key.channel();
    try {
      if (key.isConnectable()) {
        channel.finishConnect();
        ask(channel);
        key.interestOps(SelectionKey.OP_READ);
        return;
      }
      heard.clear();
      int read = channel.read(heard);
      if (read > 12 && heard.get(9) == '1' && Wire.endOfHead(heard, read) > 0) {
        window.done((Long) key.attachment(), System.nanoTime());
      } else {
        window.failed();
      }
    } catch (IOException e) {
      window.failed();
    }
    again(channel);
  }

  private void again(SocketChannel channel) {
    try {
      channel.close();
      begin();
    } catch (IOException e) {
      window.failed();
    }
  }
}
