package dev.vestibule.gateway.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A client that sends bytes as they are given, and reads what comes until the end. */
final class Raw implements AutoCloseable {

  private final SocketChannel channel;

  private Raw(SocketAddress at) throws IOException {
    channel = SocketChannel.open(at);
  }

  static Raw to(InetSocketAddress at) throws IOException {
    return new Raw(at);
  }

  static Raw to(Path socket) throws IOException {
    return new Raw(UnixDomainSocketAddress.of(socket));
  }

  Raw send(String bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes.getBytes(ISO_8859_1));
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    return this;
  }

  Raw get(String path) throws IOException {
    return send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }

  Raw post(String path, String body) throws IOException {
    return send(
        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(path, body.length(), body));
  }

  Raw nothingMore() throws IOException {
    channel.shutdownOutput();
    return this;
  }

  /** All that comes until the other side is done. */
  String answer() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(8192);
    while (channel.read(buffer.clear()) >= 0) {
      all.write(buffer.array(), 0, buffer.position());
    }
    return all.toString(ISO_8859_1);
  }

  static String ask(InetSocketAddress at, String path) throws IOException {
    try (Raw raw = to(at)) {
      return raw.get(path).answer();
    }
  }

  static String ask(Path at, String path) throws IOException {
    try (Raw raw = to(at)) {
      return raw.get(path).answer();
    }
  }

  static int status(String answer) {
    return Integer.parseInt(answer.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
  }

  static String body(String answer) {
    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
