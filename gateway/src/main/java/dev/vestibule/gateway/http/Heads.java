package dev.vestibule.gateway.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import java.util.Iterator;
import java.util.Map;

/**
 * Heads of messages as bytes, RFC 9112 sections 2 to 5. Names and values come from Netty's decoder,
 * which lets no line break through; what is held is kept in this form, a fraction of what the
 * parsed request takes.
 */
final class Heads {

  private Heads() {}

  static byte[] bytes(HttpRequest request) {
    StringBuilder head = new StringBuilder(512);
    head.append(request.method().name()).append(' ').append(request.uri()).append(" HTTP/1.1\r\n");
    return lines(head, request.headers()).getBytes(ISO_8859_1);
  }

  static void write(HttpResponse response, ByteBuf out) {
    StringBuilder head = new StringBuilder(512);
    head.append("HTTP/1.1 ").append(response.status().code()).append(' ');
    head.append(response.status().reasonPhrase()).append("\r\n");
    out.writeCharSequence(lines(head, response.headers()), ISO_8859_1);
  }

  /** About how many bytes a head has. */
  static int length(HttpRequest request) {
    int length = request.method().name().length() + request.uri().length() + 12;
    Iterator<Map.Entry<CharSequence, CharSequence>> all = request.headers().iteratorCharSequence();
    while (all.hasNext()) {
      Map.Entry<CharSequence, CharSequence> header = all.next();
      length += header.getKey().length() + header.getValue().length() + 4;
    }
    return length;
  }

  private static String lines(StringBuilder head, HttpHeaders headers) {
    Iterator<Map.Entry<CharSequence, CharSequence>> all = headers.iteratorCharSequence();
    while (all.hasNext()) {
      Map.Entry<CharSequence, CharSequence> header = all.next();
      head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
    }
    return head.append("\r\n").toString();
  }
}
