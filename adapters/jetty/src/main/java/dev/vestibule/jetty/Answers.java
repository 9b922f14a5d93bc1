package dev.vestibule.jetty;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vestibule.Refused;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** What those hear who are not let in: problem details, RFC 9457. */
final class Answers {

  private Answers() {}

  static void refuse(Request request, Response response, Callback callback, Refused refused) {
    response.getHeaders().put(HttpHeader.RETRY_AFTER, refused.retryAfterSeconds());
    send(request, response, callback, HttpStatus.SERVICE_UNAVAILABLE_503, refused.toProblemJson());
  }

  static void reject(Request request, Response response, Callback callback, Rejection rejection) {
    if (rejection.status() == Handshakes.UPGRADE_REQUIRED) {
      // RFC 6455 section 4.4, and RFC 9110 section 15.5.22.
      response.getHeaders().put(HttpHeader.SEC_WEBSOCKET_VERSION, Handshakes.VERSION);
      response.getHeaders().put(HttpHeader.UPGRADE, "websocket");
      response.getHeaders().put(HttpHeader.CONNECTION, "Upgrade");
    }
    send(request, response, callback, rejection.status(), problem(rejection));
  }

  private static void send(
      Request request, Response response, Callback callback, int status, String problem) {
    HttpFields.Mutable headers = response.getHeaders();
    byte[] body = problem.getBytes(UTF_8);
    response.setStatus(status);
    headers.put(HttpHeader.CONTENT_TYPE, Refused.PROBLEM_MEDIA_TYPE);
    headers.put(HttpHeader.CONTENT_LENGTH, body.length);
    headers.put(HttpHeader.CACHE_CONTROL, "no-store");
    if (Handshakes.isHandshake(request) || Handshakes.hasBody(request)) {
      // Frames or a body that nobody will read may follow.
      headers.add(HttpHeader.CONNECTION, "close");
    }
    response.write(true, ByteBuffer.wrap(body), callback);
  }

  private static String problem(Rejection rejection) {
    return "{\"type\":\"about:blank\",\"title\":"
        + quoted(HttpStatus.getMessage(rejection.status()))
        + ",\"status\":"
        + rejection.status()
        + ",\"detail\":"
        + quoted(rejection.detail())
        + "}";
  }

  /** A JSON string with its quotes, RFC 8259 section 7. */
  private static String quoted(String value) {
    StringBuilder out = new StringBuilder(value.length() + 2).append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20) {
        out.append("\\u00").append(c < 0x10 ? "0" : "").append(Integer.toHexString(c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
