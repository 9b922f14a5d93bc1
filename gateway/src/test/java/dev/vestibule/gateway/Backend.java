package dev.vestibule.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.vestibule.testkit.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server on loopback that does with each connection what a test says, on a thread of its own. */
public final class Backend implements AutoCloseable {

  /** What is done with a connection. */
  @FunctionalInterface
  public interface Behaviour {
    void serve(Connection connection) throws IOException;
  }

  private final ServerSocket listener = new ServerSocket();
  private final List<Connection> connections = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Connection> arrived = new LinkedBlockingQueue<>();
  private final Behaviour behaviour;
  private volatile boolean killed;

  private final boolean oneThread;

  private Backend(Behaviour behaviour, int port, boolean oneThread) throws IOException {
    this.behaviour = behaviour;
    this.oneThread = oneThread;
    listener.setReuseAddress(true);
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 4096);
    Thread.ofVirtual().start(this::accept);
  }

  /** Listens at any free port. */
  public static Backend of(Behaviour behaviour) throws IOException {
    return new Backend(behaviour, 0, false);
  }

  /** Listens at a certain port. */
  public static Backend at(int port, Behaviour behaviour) throws IOException {
    return new Backend(behaviour, port, false);
  }

  /**
   * Listens at any free port, and serves one connection after the other, if there is one thread.
   */
  public static Backend of(Behaviour behaviour, boolean oneThread) throws IOException {
    return new Backend(behaviour, 0, oneThread);
  }

  /** Answers each handshake with 101, and sends back each byte that follows. */
  public static Behaviour echo() {
    return connection -> {
      connection.readHead();
      connection.accept();
      connection.echo();
    };
  }

  /** Sends fixed bytes after each head. */
  public static Behaviour answer(String answer) {
    return connection -> {
      while (!connection.readHead().isEmpty()) {
        connection.write(answer);
      }
    };
  }

  /** Sends fixed bytes after the first head, and keeps what comes behind it; see {@code rest()}. */
  public static Behaviour answerOnce(String answer) {
    return connection -> {
      connection.readHead();
      connection.write(answer);
      connection.keepRest();
    };
  }

  /** A port that nobody listens at. */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  public int port() {
    return listener.getLocalPort();
  }

  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port());
  }

  /** The next connection that came, whose behaviour is under way. */
  public Connection next() throws InterruptedException {
    Connection connection = arrived.poll(10, TimeUnit.SECONDS);
    if (connection == null) {
      throw new AssertionError("nobody connected within ten seconds");
    }
    return connection;
  }

  /** How many connected so far. */
  public int connected() {
    return connections.size();
  }

  private void accept() {
    try {
      while (true) {
        Connection connection = new Connection(listener.accept());
        connections.add(connection);
        arrived.add(connection);
        if (killed) {
          connection.reset();
        } else if (oneThread) {
          connection.serve();
        } else {
          Thread.ofVirtual().start(connection::serve);
        }
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  /** Ends the listener and every connection with a reset, as when a process is killed. */
  public void kill() throws IOException {
    // First: who is accepted in this moment is either in the list below, or sees it.
    killed = true;
    listener.close();
    for (Connection connection : connections) {
      connection.reset();
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Connection connection : connections) {
      connection.socket.close();
    }
  }

  /** One connection. */
  public final class Connection {

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final CompletableFuture<String> rest = new CompletableFuture<>();

    Connection(Socket socket) throws IOException {
      this.socket = socket;
      this.in = socket.getInputStream();
      this.out = socket.getOutputStream();
      socket.setTcpNoDelay(true);
    }

    private void serve() {
      try {
        behaviour.serve(this);
      } catch (IOException e) {
        // The other side went away.
      }
    }

    /** Reads up to the empty line; empty when the connection has ended. */
    public String readHead() throws IOException {
      StringBuilder head = new StringBuilder();
      while (!head.toString().endsWith("\r\n\r\n")) {
        int one = in.read();
        if (one < 0) {
          return "";
        }
        head.append((char) one);
      }
      heads.add(head.toString());
      return head.toString();
    }

    /** The heads that came so far. */
    public List<String> heads() {
      return List.copyOf(heads);
    }

    /** Reads until the end, and keeps it for {@link #rest()}. */
    public void keepRest() {
      try {
        rest.complete(readToEnd());
      } catch (IOException e) {
        rest.completeExceptionally(e);
      }
    }

    /** What came until the other side ended the connection. */
    public String rest() throws Exception {
      return rest.get(10, TimeUnit.SECONDS);
    }

    public InputStream in() {
      return in;
    }

    public OutputStream out() {
      return out;
    }

    public Socket socket() {
      return socket;
    }

    public byte[] read(int bytes) throws IOException {
      return in.readNBytes(bytes);
    }

    public int available() throws IOException {
      return in.available();
    }

    public String readToEnd() throws IOException {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      in.transferTo(all);
      return all.toString(ISO_8859_1);
    }

    public void accept() throws IOException {
      write(
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Accept: "
              + RawClient.ACCEPT
              + "\r\n\r\n");
    }

    public void echo() throws IOException {
      byte[] buffer = new byte[64 * 1024];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        write(Frames.unmasked(buffer, n));
      }
    }

    public void write(String text) throws IOException {
      write(text.getBytes(ISO_8859_1));
    }

    public void write(byte[] bytes) throws IOException {
      out.write(bytes);
      out.flush();
    }

    public void end() throws IOException {
      socket.close();
    }

    public void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }
}
