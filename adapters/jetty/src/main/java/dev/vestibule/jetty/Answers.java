package dev.vestibule.jetty;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vestibule.Problem;
import dev.vestibule.Refused;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** What those hear over HTTP who are not let in: problem details, RFC 9457. */
final class Answers {

  private Answers() {}

  static void refuse(Request request, Response response, Callback callback, Refused refused) {
    response.getHeaders().put(HttpHeader.RETRY_AFTER, refused.retryAfterSeconds());
    send(request, response, callback, refused.problem());
  }

  static void reject(Request request, Response response, Callback callback, Rejection rejection) {
    if (rejection.status() == Handshakes.UPGRADE_REQUIRED) {
      // RFC 6455 section 4.4, and RFC 9110 section 15.5.22.
      response.getHeaders().put(HttpHeader.SEC_WEBSOCKET_VERSION, Handshakes.VERSION);
      response.getHeaders().put(HttpHeader.UPGRADE, "websocket");
      response.getHeaders().put(HttpHeader.CONNECTION, "Upgrade");
    }
    int status = rejection.status();
    String title = HttpStatus.getMessage(status);
    send(request, response, callback, new Problem(status, title, rejection.detail()));
  }

  private static void send(Request request, Response response, Callback callback, Problem problem) {
    HttpFields.Mutable headers = response.getHeaders();
    byte[] body = problem.toJson().getBytes(UTF_8);
    response.setStatus(problem.status());
    headers.put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
    headers.put(HttpHeader.CONTENT_LENGTH, body.length);
    headers.put(HttpHeader.CACHE_CONTROL, "no-store");
    if (Handshakes.isHandshake(request) || Handshakes.hasBody(request)) {
      // Frames or a body that nobody will read may follow.
      headers.add(HttpHeader.CONNECTION, "close");
    }
    response.write(true, ByteBuffer.wrap(body), callback);
  }
}
