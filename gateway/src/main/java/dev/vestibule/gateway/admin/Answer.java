package dev.vestibule.gateway.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vestibule.Problem;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Map;

/**
 * What somebody hears who asked one of the small servers; whole at once. Immutable.
 *
 * @param status of HTTP
 * @param type its media type; empty when there is no body
 * @param body text
 * @param more further headers
 */
record Answer(int status, String type, String body, Map<String, String> more) {

  static final String JSON = "application/json";
  private static final String HTML = "text/html;charset=utf-8";

  static Answer json(int status, String body) {
    return new Answer(status, JSON, body, Map.of());
  }

  static Answer page(int status, String body, String contentSecurityPolicy) {
    return new Answer(status, HTML, body, Map.of("Content-Security-Policy", contentSecurityPolicy));
  }

  static Answer text(String type, String body) {
    return new Answer(200, type, body, Map.of());
  }

  static Answer nothing() {
    return new Answer(204, "", "", Map.of());
  }

  static Answer problem(int status, String detail) {
    return problem(status, detail, Map.of());
  }

  static Answer problem(int status, String detail, Map<String, String> more) {
    String title = HttpResponseStatus.valueOf(status).reasonPhrase();
    String body = new Problem(status, title, detail).toJson();
    return new Answer(status, Problem.MEDIA_TYPE, body, more);
  }

  static Answer notAllowed(String allowed) {
    return problem(405, allowed + " alone", Map.of("Allow", allowed));
  }

  /** One request per connection: nothing that follows can be taken for another one. */
  FullHttpResponse toResponse() {
    byte[] bytes = body.getBytes(UTF_8);
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(status),
            Unpooled.wrappedBuffer(bytes));
    response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    response.headers().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
    response.headers().set("X-Content-Type-Options", "nosniff");
    if (!type.isEmpty()) {
      response.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
      response.headers().set(HttpHeaderNames.CONTENT_LENGTH, bytes.length);
    }
    more.forEach((name, value) -> response.headers().set(name, value));
    return response;
  }
}
