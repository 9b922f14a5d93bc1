package dev.vestibule.bench.crowd;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The process in which the crowd lives: bare sockets, read by one thread, so that the clients cost
 * as little as they can beside the server. Reads commands, one a line: {@code connect PORT COUNT};
 * {@code ask}, which sends a handshake on each connection and says when the first was sent; {@code
 * await}, which says when the last had its whole answer, and how many of them were a 101; {@code
 * leave}. Times are readings of the machine's monotonic clock in nanoseconds.
 */
final class CrowdClients {

  private static final String HANDSHAKE =
      """
      GET /chat HTTP/1.1\r
      Host: localhost\r
      Upgrade: websocket\r
      Connection: Upgrade\r
      Sec-WebSocket-Version: 13\r
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
      \r
      """;

  private final List<SocketChannel> channels = new ArrayList<>();
  private final Selector selector = Selector.open();

  private CrowdClients() throws IOException {}

  public static void main(String[] args) throws Exception {
    CrowdClients crowd = new CrowdClients();
    Reading reading = crowd.new Reading(0);
    var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      String[] words = line.split(" ", -1);
      switch (words[0]) {
        case "connect" -> {
          int count = Integer.parseInt(words[2]);
          crowd.connect(Integer.parseInt(words[1]), count);
          reading = crowd.new Reading(count);
          reading.start();
          System.out.println("connected");
        }
        case "ask" -> System.out.println("asked " + crowd.ask());
        case "await" -> {
          reading.join();
          System.out.println("answered " + reading.last + " " + reading.opened);
        }
        case "leave" -> {
          crowd.leave();
          System.out.println("left");
        }
        default -> throw new IllegalArgumentException(line);
      }
    }
  }

  private void connect(int port, int count) throws IOException {
    var server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    for (int i = 0; i < count; i++) {
      SocketChannel channel = SocketChannel.open(server);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, new int[1]);
      channels.add(channel);
    }
  }

  private long ask() throws IOException {
    byte[] handshake = HANDSHAKE.getBytes(StandardCharsets.US_ASCII);
    long first = System.nanoTime();
    for (SocketChannel channel : channels) {
      // Smaller than any socket's buffer: it is taken whole.
      if (channel.write(ByteBuffer.wrap(handshake)) != handshake.length) {
        throw new IOException("a handshake was not taken whole");
      }
    }
    return first;
  }

  private void leave() throws IOException {
    for (SocketChannel channel : channels) {
      channel.close();
    }
    channels.clear();
    selector.selectNow();
  }

  /** Reads until each connection has the end of a response's head. */
  private final class Reading extends Thread {
    private static final String END = "\r\n\r\n";

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
    private int missing;
    private int opened;
    private long last;

    Reading(int count) {
      this.missing = count;
    }

    @Override
    public void run() {
      try {
        while (missing > 0) {
          selector.select(this::read);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void read(SelectionKey key) {
      try {
        buffer.clear();
        int read = ((SocketChannel) key.channel()).read(buffer);
        String text = StandardCharsets.US_ASCII.decode(buffer.flip()).toString();
        // Heads come in one piece on loopback; one that does not counts as no answer.
        boolean whole = text.contains(END);
        last = System.nanoTime();
        missing--;
        opened += whole && text.startsWith("HTTP/1.1 101 ") ? 1 : 0;
        if (read < 0 || whole) {
          key.interestOps(0);
        }
      } catch (IOException e) {
        missing--;
        key.cancel();
      }
    }
  }
}
