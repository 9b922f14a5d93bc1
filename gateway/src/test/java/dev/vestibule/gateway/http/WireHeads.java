package dev.vestibule.gateway.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Requests as they come over the wire, read as the gateway reads them. */
final class WireHeads {

  static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  private WireHeads() {}

  /**
   * A handshake in which each of the given lines replaces the one of the same name, or is added.
   */
  static String handshake(String... lines) {
    return handshakeTo("GET /chat HTTP/1.1", lines);
  }

  static String handshakeTo(String requestLine, String... lines) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "Host: example.org",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Key: " + KEY,
                "Sec-WebSocket-Version: 13"));
    for (String line : lines) {
      String name = line.substring(0, line.indexOf(':') + 1);
      all.removeIf(old -> old.startsWith(name));
    }
    // "Name:-" takes it away.
    for (String line : lines) {
      if (!line.endsWith(":-")) {
        all.add(line);
      }
    }
    return requestLine + "\r\n" + String.join("\r\n", all) + "\r\n\r\n";
  }

  static HttpRequest read(String text) {
    List<HttpObject> objects = readAll(text, 16 * 1024);
    objects.forEach(ReferenceCountUtil::release);
    return (HttpRequest) objects.getFirst();
  }

  static List<HttpObject> readAll(String text, int maxHeaderBytes) {
    EmbeddedChannel channel = new EmbeddedChannel(HttpDecoding.requests(maxHeaderBytes));
    channel.writeInbound(Unpooled.copiedBuffer(text.getBytes(StandardCharsets.ISO_8859_1)));
    List<HttpObject> objects = new ArrayList<>();
    for (HttpObject o = channel.readInbound(); o != null; o = channel.readInbound()) {
      objects.add(o);
    }
    channel.finishAndReleaseAll();
    return objects;
  }
}
