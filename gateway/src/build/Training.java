import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What the AOT cache of the tarball is made from: a gateway that holds clients while its child
 * starts, lets them in, carries messages and requests, answers probes, and is stopped. Run as a
 * single file by a whole JDK, with the directory of the tarball and this file; without arguments it
 * is the child.
 */
final class Training {

  private static final String UPGRADE =
      "GET /chat HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
          + "Origin: http://localhost\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  // RFC 6455, section 1.3, has this pair of key and answer.
  private static final String UPGRADED =
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
          + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
  private static final int PATIENCE_MILLIS = 60_000;

  private Training() {}

  public static void main(String[] args) throws Exception {
    if (args.length == 0) {
      serve(Integer.parseInt(System.getenv("PORT")));
    } else {
      train(Path.of(args[0]), args[1]);
    }
  }

  private static void train(Path home, String self) throws Exception {
    int port = freePort();
    int probes = freePort();
    Path cache = home.resolve("app/vestibule.aot");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command = new ArrayList<>();
    command.add(home.resolve("runtime/bin/java").toString());
    command.add("@" + home.resolve("app/jvm.options"));
    command.add("-XX:AOTCacheOutput=" + cache);
    command.addAll(List.of("-cp", home.resolve("app/vestibule-gateway.jar").toString()));
    command.add("dev.vestibule.gateway.GatewayMain");
    command.addAll(List.of("run", "--listen", "127.0.0.1:" + port));
    command.addAll(List.of("--probes", "127.0.0.1:" + probes, "--"));
    command.addAll(List.of(java, self));
    Process gateway = new ProcessBuilder(command).inheritIO().start();
    try {
      visit(port, probes, gateway);
      gateway.toHandle().destroy();
      // It writes the cache before it ends, which takes longer than all the rest.
      if (!gateway.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS) || !Files.exists(cache)) {
        throw new IllegalStateException("no " + cache + " (expected: made when the gateway ends)");
      }
    } finally {
      gateway.descendants().forEach(ProcessHandle::destroyForcibly);
      gateway.destroyForcibly();
    }
  }

  private static void visit(int port, int probes, Process gateway) throws Exception {
    List<Socket> early = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      early.add(connect(port, gateway));
      early.getLast().getOutputStream().write(UPGRADE.getBytes(ISO_8859_1));
    }
    get(probes, "/readyz", gateway);
    for (Socket client : early) {
      converse(client);
    }
    for (String path : List.of("/startupz", "/livez", "/readyz")) {
      get(probes, path, gateway);
    }
    for (int i = 0; i < 20; i++) {
      get(port, "/page", gateway);
      try (Socket late = connect(port, gateway)) {
        late.getOutputStream().write(UPGRADE.getBytes(ISO_8859_1));
        converse(late);
      }
    }
  }

  private static Socket connect(int port, Process gateway) throws Exception {
    while (true) {
      try {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
      } catch (ConnectException e) {
        if (!gateway.isAlive()) {
          throw new IllegalStateException("the gateway ended with " + gateway.exitValue(), e);
        }
        // Not open yet.
        Thread.sleep(5);
      }
    }
  }

  private static void converse(Socket client) throws IOException {
    try (client) {
      DataInputStream in = new DataInputStream(client.getInputStream());
      OutputStream out = client.getOutputStream();
      String answer = head(in);
      if (!answer.startsWith("HTTP/1.1 101")) {
        throw new IOException("answered: " + answer + " (expected: 101)");
      }
      for (int length : new int[] {5, 125, 125, 16 * 1024, 60_000}) {
        out.write(frame(0x82, length, true));
        in.readFully(new byte[frame(0x82, length, false).length]);
      }
      out.write(frame(0x88, 0, true));
      in.readFully(new byte[2]);
    }
  }

  private static void get(int port, String path, Process gateway) throws Exception {
    try (Socket socket = connect(port, gateway)) {
      String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
      System.out.println(path + ": " + answer.lines().findFirst().orElse("nothing"));
    }
  }

  /** A frame of zeros; masked with zeros, which change nothing (RFC 6455, section 5.2). */
  private static byte[] frame(int first, int length, boolean masked) {
    int head = (length < 126 ? 2 : 4) + (masked ? 4 : 0);
    byte[] frame = new byte[head + length];
    frame[0] = (byte) first;
    frame[1] = (byte) ((masked ? 0x80 : 0) | Math.min(length, 126));
    if (length >= 126) {
      frame[2] = (byte) (length >> 8);
      frame[3] = (byte) length;
    }
    return frame;
  }

  private static String head(DataInputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
      head.append((char) in.readUnsignedByte());
    }
    return head.toString();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  // ---- The child.

  private static void serve(int port) throws IOException {
    try (ServerSocket listener = new ServerSocket(port, 100, InetAddress.getLoopbackAddress())) {
      while (true) {
        Socket socket = listener.accept();
        Thread.ofVirtual().start(() -> answer(socket));
      }
    }
  }

  private static void answer(Socket socket) {
    try (socket) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      while (!head(in).toLowerCase(Locale.ROOT).contains("\r\nupgrade: websocket")) {
        out.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi".getBytes(ISO_8859_1));
      }
      out.write(UPGRADED.getBytes(ISO_8859_1));
      boolean open = true;
      while (open) {
        int first = in.readUnsignedByte();
        int length = in.readUnsignedByte() & 0x7f;
        length = length == 126 ? in.readUnsignedShort() : length;
        in.readFully(new byte[4 + length]);
        out.write(frame(first, length, false));
        open = (first & 0xf) != 8;
      }
    } catch (IOException e) {
      // A probe that only connects, or the end.
    }
  }
}
