package dev.vestibule.bench.gateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The process behind the proxies: answers each message with itself, on one thread. Obeys {@code
 * listen PORT}, which says when it began to on the machine's monotonic clock in nanoseconds, and
 * {@code stop}, after which nobody is connected and nobody can be.
 */
final class EchoServer implements Executor {

  private static final int BACKLOG = 4096;

  private final Selector selector = Selector.open();
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private @Nullable ServerSocketChannel door;

  private EchoServer() throws IOException {}

  public static void main(String[] args) throws Exception {
    EchoServer server = new EchoServer();
    Thread loop = new Thread(server::loop, "loop");
    loop.setDaemon(true);
    loop.start();
    var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      String[] words = line.split(" ", -1);
      switch (words[0]) {
        case "listen" ->
            System.out.println("listening " + server.ask(() -> server.listen(port(words))));
        case "stop" -> System.out.println("stopped " + server.ask(server::stop));
        default -> throw new IllegalArgumentException(line);
      }
    }
  }

  private static int port(String[] words) {
    return Integer.parseInt(words[1]);
  }

  /** Something that may fail, and says a number. */
  private interface Deed {
    long run() throws IOException;
  }

  private long ask(Deed deed) {
    return CompletableFuture.supplyAsync(
            () -> {
              try {
                return deed.run();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            this)
        .join();
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    selector.wakeup();
  }

  private void loop() {
    try {
      while (true) {
        selector.select(this::ready);
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
          task.run();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long listen(int port) throws IOException {
    ServerSocketChannel opened = ServerSocketChannel.open();
    opened.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    opened.configureBlocking(false);
    opened.register(selector, SelectionKey.OP_ACCEPT);
    door = opened;
    long now = System.nanoTime();
    opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    return now;
  }

  private long stop() throws IOException {
    long closed = 0;
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
      closed++;
    }
    selector.selectNow();
    door = null;
    return closed;
  }

  private void ready(SelectionKey key) {
    if (key.attachment() instanceof EchoConnection connection) {
      connection.ready(key);
      return;
    }
    ServerSocketChannel listening = door;
    if (listening != null) {
      accept(listening);
    }
  }

  private void accept(ServerSocketChannel listening) {
    try {
      for (SocketChannel channel = listening.accept();
          channel != null;
          channel = listening.accept()) {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.register(selector, SelectionKey.OP_READ, new EchoConnection(channel));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
