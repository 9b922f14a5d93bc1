package dev.vestibule.spring;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/**
 * A response that is whole at once.
 *
 * @param status of HTTP
 * @param type its media type
 * @param body text
 * @param contentSecurityPolicy of a page; null for anything else
 */
record Answer(int status, String type, String body, @Nullable String contentSecurityPolicy) {

  static Answer json(int status, String body) {
    return new Answer(status, "application/json", body, null);
  }

  static Answer page(int status, String body, String contentSecurityPolicy) {
    return new Answer(status, "text/html;charset=utf-8", body, contentSecurityPolicy);
  }

  void write(boolean head, Response response, Callback callback) {
    byte[] bytes = body.getBytes(UTF_8);
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    if (contentSecurityPolicy != null) {
      response.getHeaders().put("Content-Security-Policy", contentSecurityPolicy);
    }
    response.write(true, head ? null : ByteBuffer.wrap(bytes), callback);
  }

  /** A browser names HTML; a script or a probe asks for JSON or for anything. */
  static boolean wantsPage(Request request) {
    return accepts(request, "text/html");
  }

  /** What a browser's EventSource names, and nothing else. */
  static boolean wantsEvents(Request request) {
    return accepts(request, "text/event-stream");
  }

  /** Whether the events are to be the page's own markup in place of JSON. */
  static boolean wantsMarkup(Request request) {
    Fields query = Request.extractQueryParameters(request);
    return "html".equals(query.getValue("as"));
  }

  private static boolean accepts(Request request, String type) {
    String accept = request.getHeaders().get(HttpHeader.ACCEPT);
    return accept != null && accept.toLowerCase(Locale.ROOT).contains(type);
  }
}
