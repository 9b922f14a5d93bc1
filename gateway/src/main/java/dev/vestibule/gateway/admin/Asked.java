package dev.vestibule.gateway.admin;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asked one of the small servers. Immutable.
 *
 * @param method as it was sent
 * @param path without the query, as it was sent
 * @param hosts every Host header
 * @param accept the Accept header; empty when there was none
 * @param contentType null when there was none
 * @param body read-only; empty when there was none; its position belongs to who reads it
 */
record Asked(
    String method,
    String path,
    List<String> hosts,
    String accept,
    @Nullable String contentType,
    ByteBuffer body) {

  static Asked of(FullHttpRequest request) {
    String accept = request.headers().get(HttpHeaderNames.ACCEPT);
    String uri = request.uri();
    int query = uri.indexOf('?');
    return new Asked(
        request.method().name(),
        query < 0 ? uri : uri.substring(0, query),
        request.headers().getAll(HttpHeaderNames.HOST),
        accept == null ? "" : accept.toLowerCase(Locale.ROOT),
        request.headers().get(HttpHeaderNames.CONTENT_TYPE),
        ByteBuffer.wrap(ByteBufUtil.getBytes(request.content())).asReadOnlyBuffer());
  }

  /** HEAD is answered as GET is; what writes the answer leaves the body away. */
  boolean isGet() {
    return method.equals("GET") || method.equals("HEAD");
  }

  /** A browser names HTML; a script or a probe asks for JSON or for anything. */
  boolean wantsPage() {
    return accept.contains("text/html");
  }
}
