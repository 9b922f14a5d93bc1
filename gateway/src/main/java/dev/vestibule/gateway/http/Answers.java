package dev.vestibule.gateway.http;

import static io.netty.handler.codec.http.HttpHeaderNames.CACHE_CONTROL;
import static io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_LENGTH;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_TYPE;
import static io.netty.handler.codec.http.HttpHeaderNames.RETRY_AFTER;
import static io.netty.handler.codec.http.HttpHeaderNames.SEC_WEBSOCKET_VERSION;
import static io.netty.handler.codec.http.HttpHeaderNames.UPGRADE;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vestibule.Problem;
import dev.vestibule.Refused;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

/** What the gateway answers by itself: problem details, RFC 9457. */
final class Answers {

  private Answers() {}

  static FullHttpResponse refusal(Refused refused) {
    FullHttpResponse answer = problem(refused.problem());
    answer.headers().set(RETRY_AFTER, Long.toString(refused.retryAfterSeconds()));
    return answer;
  }

  /** The gateway itself is short of something. */
  static FullHttpResponse busy(String detail) {
    FullHttpResponse answer = problem(503, detail);
    answer.headers().set(RETRY_AFTER, "1");
    return answer;
  }

  /** RFC 6455 section 4.4; RFC 9110 section 15.5.22 wants to see what to upgrade to. */
  static FullHttpResponse otherVersion() {
    FullHttpResponse answer = problem(426, "Sec-WebSocket-Version: not 13 (expected: 13)");
    answer.headers().add(CONNECTION, HttpHeaderValues.UPGRADE);
    answer.headers().set(UPGRADE, HttpHeaderValues.WEBSOCKET).set(SEC_WEBSOCKET_VERSION, "13");
    return answer;
  }

  static Problem of(int status, String detail) {
    return new Problem(status, HttpResponseStatus.valueOf(status).reasonPhrase(), detail);
  }

  static FullHttpResponse problem(int status, String detail) {
    return problem(of(status, detail));
  }

  static FullHttpResponse problem(Problem problem) {
    byte[] body = problem.toJson().getBytes(UTF_8);
    FullHttpResponse answer =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(problem.status()),
            Unpooled.wrappedBuffer(body));
    answer
        .headers()
        .set(CONTENT_TYPE, Problem.MEDIA_TYPE)
        .set(CONTENT_LENGTH, body.length)
        .set(CACHE_CONTROL, "no-store")
        .set(CONNECTION, HttpHeaderValues.CLOSE);
    return answer;
  }
}
