package dev.vestibule.gateway.upstream;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that does with each connection what it was told to. */
final class ScriptedServer implements AutoCloseable {

  /** What is done with a connection, which is closed afterwards. */
  @FunctionalInterface
  interface Deed {
    void with(Socket socket) throws IOException;
  }

  final BlockingQueue<Deed> deeds = new LinkedBlockingQueue<>();
  final AtomicInteger open = new AtomicInteger();
  final AtomicInteger mostOpen = new AtomicInteger();
  final AtomicInteger asked = new AtomicInteger();
  final AtomicInteger finished = new AtomicInteger();
  volatile String lastRequest = "";
  private final ServerSocket server;

  ScriptedServer() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().start(this::accept);
  }

  InetSocketAddress at() {
    return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
  }

  static Deed answers(String text) {
    return socket -> socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends something first, and then the same again and again until nobody wants it. */
  static Deed answersForEver(String first, String then) {
    return socket -> {
      answers(first).with(socket);
      while (true) {
        answers(then).with(socket);
      }
    };
  }

  /** Says nothing until the client goes away. */
  static Deed keepsSilent() {
    return socket -> {
      while (socket.getInputStream().read() >= 0) {
        // Says nothing.
      }
    };
  }

  static Deed resets() {
    return socket -> socket.setSoLinger(true, 0);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
        Thread.ofPlatform().daemon().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      Deed deed = deeds.take();
      lastRequest = head(socket.getInputStream());
      asked.incrementAndGet();
      deed.with(socket);
    } catch (IOException | InterruptedException e) {
      // The client has gone.
    }
    open.decrementAndGet();
    finished.incrementAndGet();
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        break;
      }
      head.append((char) next);
    }
    return head.toString();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
