package dev.vestibule.jetty;

import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** What a WebSocket handshake must look like to be held, RFC 6455 section 4.2.1. */
final class Handshakes {

  static final int UPGRADE_REQUIRED = 426;

  /** The one version that there is. */
  static final String VERSION = "13";

  private static final int KEY_BYTES = 16;

  // RFC 9110 section 5.6.2.
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private Handshakes() {}

  /** Whether a request asks for a WebSocket, well or badly. */
  static boolean isHandshake(Request request) {
    HttpFields headers = request.getHeaders();
    return headers.contains(HttpHeader.UPGRADE, "websocket");
  }

  /** Whether a body comes after a request's head, RFC 9112 section 6.3. */
  static boolean hasBody(Request request) {
    return request.getLength() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
  }

  /** What is wrong with a handshake, or null. */
  static @Nullable Rejection screen(Request request) {
    HttpFields headers = request.getHeaders();
    if (!HttpMethod.GET.is(request.getMethod())) {
      return new Rejection(400, "method: " + request.getMethod() + " (expected: GET)");
    }
    if (request.getConnectionMetaData().getHttpVersion().compareTo(HttpVersion.HTTP_1_1) < 0) {
      return new Rejection(400, "version of HTTP (expected: 1.1)");
    }
    if (!headers.contains(HttpHeader.CONNECTION, "upgrade")) {
      return new Rejection(400, "Connection (expected: Upgrade)");
    }
    if (!VERSION.equals(headers.get(HttpHeader.SEC_WEBSOCKET_VERSION))) {
      return new Rejection(UPGRADE_REQUIRED, "Sec-WebSocket-Version (expected: 13)");
    }
    if (!isKey(headers.get(HttpHeader.SEC_WEBSOCKET_KEY))) {
      return new Rejection(400, "Sec-WebSocket-Key (expected: 16 bytes in base64)");
    }
    return null;
  }

  /** The subprotocols that a handshake offers, the preferred one first. */
  static List<String> subprotocols(Request request) {
    return request.getHeaders().getCSV(HttpHeader.SEC_WEBSOCKET_SUBPROTOCOL, false);
  }

  /** Whether something can be the name of a subprotocol, RFC 6455 section 4.1. */
  static boolean isToken(String name) {
    return TOKEN.matcher(name).matches();
  }

  private static boolean isKey(@Nullable String key) {
    try {
      return key != null && Base64.getDecoder().decode(key).length == KEY_BYTES;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
