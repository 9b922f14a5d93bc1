package dev.vestibule.gateway.http;

import dev.vestibule.gateway.http.Screened.PlainRequest;
import dev.vestibule.gateway.http.Screened.Rejected;
import dev.vestibule.gateway.http.Screened.UpgradeRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the head of a request before anything is done with it.
 *
 * <p>An upgrade is a request whose {@code Upgrade} names {@code websocket}. It is held and passed
 * on only if it is all that RFC 6455 section 4.1 asks of a client: GET, HTTP/1.1, {@code Upgrade:
 * websocket} and nothing else there, {@code Connection: upgrade}, one key of 16 bytes, and no body.
 * Anything less is 400: a server that sees something else in it than we do is how requests are
 * smuggled. One that asks for another version than 13 is passed on, because only the server knows
 * which versions it speaks: it answers 426 and says so (section 4.4).
 *
 * <p>An {@code Upgrade} to anything else, such as {@code h2c}, is ignored, as RFC 9110 section 7.8
 * allows, and {@link Forwarding} strips it: an upgrade that the gateway does not understand would
 * be a tunnel past it.
 *
 * <p>CONNECT is 501, since this is no proxy for its clients. TRACE is the server's to refuse.
 */
public final class Screening {

  private static final String WEBSOCKET = "websocket";

  /** More than any client sends; Apache and HAProxy bound it at about a hundred by default. */
  private static final int MAX_HEADERS = 200;

  private Screening() {}

  /**
   * Looks at a request. Safe for use by many threads.
   *
   * @param request its head, as {@link HttpDecoding} read it, well or not; is not changed
   * @param pathMatters whether there is more than one route; else the path is the server's to read,
   *     however it is written
   * @return what it is
   */
  public static Screened screen(HttpRequest request, boolean pathMatters) {
    Rejected unfit = unfit(request);
    if (unfit != null) {
      return unfit;
    }
    String mistake = hostMistake(request);
    if (mistake != null) {
      return Rejected.of(400, mistake);
    }
    Target target = Target.parse(request.uri(), pathMatters);
    if (target.mistake() != null) {
      return Rejected.of(400, target.mistake());
    }
    List<String> upgrade = Tokens.of(request.headers(), HttpHeaderNames.UPGRADE);
    if (upgrade.stream().noneMatch(Screening::namesWebSocket)) {
      return new PlainRequest(target.path());
    }
    mistake = upgradeMistake(request, upgrade, target);
    return mistake == null
        ? new UpgradeRequest(target.path(), key(request.headers()))
        : Rejected.of(400, mistake);
  }

  /** What is wrong with it before anybody asks what it wants. */
  private static @Nullable Rejected unfit(HttpRequest request) {
    Rejected malformed = HttpDecoding.mistakeIn(request.decoderResult());
    if (malformed != null) {
      return malformed;
    }
    HttpVersion version = request.protocolVersion();
    if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
      return Rejected.of(505, "version: not known (expected: HTTP/1.1 or HTTP/1.0)");
    }
    int headers = request.headers().size();
    if (headers > MAX_HEADERS) {
      return Rejected.of(431, "headers: %d (expected: <= %d)".formatted(headers, MAX_HEADERS));
    }
    if (request.method().equals(HttpMethod.CONNECT)) {
      return Rejected.of(501, "method: CONNECT (expected: one that asks for a resource here)");
    }
    return codingMistake(request);
  }

  /** RFC 9112 section 6.1: a coding that is not known is 501, one in HTTP/1.0 is faulty. */
  private static @Nullable Rejected codingMistake(HttpRequest request) {
    List<String> codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (codings.isEmpty()) {
      return null;
    }
    if (request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
      return Rejected.of(400, "Transfer-Encoding: set (expected: none in HTTP/1.0)");
    }
    boolean chunked = codings.size() == 1 && codings.getFirst().equalsIgnoreCase("chunked");
    return chunked ? null : Rejected.of(501, "Transfer-Encoding: not known (expected: chunked)");
  }

  /** Also {@code websocket/13}, which no server should take for one, but some might. */
  private static boolean namesWebSocket(String protocol) {
    int slash = protocol.indexOf('/');
    String name = slash < 0 ? protocol : protocol.substring(0, slash).strip();
    return name.equalsIgnoreCase(WEBSOCKET);
  }

  /** RFC 9112 section 3.2: one, in HTTP/1.1, or else two servers may choose different ones. */
  private static @Nullable String hostMistake(HttpRequest request) {
    List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
    if (hosts.isEmpty() && request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
      return null;
    }
    if (hosts.size() != 1) {
      return "Host: " + hosts.size() + " of them (expected: one)";
    }
    return Authority.isHost(hosts.getFirst())
        ? null
        : "Host: cannot be read (expected: a name or an address, and perhaps a port)";
  }

  private static @Nullable String upgradeMistake(
      HttpRequest request, List<String> upgrade, Target target) {
    HttpHeaders headers = request.headers();
    if (!request.method().equals(HttpMethod.GET)) {
      return "method: " + request.method() + " (expected: GET, to open a WebSocket)";
    }
    if (!request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
      return "version: " + request.protocolVersion() + " (expected: HTTP/1.1, to open a WebSocket)";
    }
    if (upgrade.size() != 1 || !upgrade.getFirst().equalsIgnoreCase(WEBSOCKET)) {
      return "Upgrade: more than websocket (expected: websocket alone)";
    }
    List<String> connection = Tokens.of(headers, HttpHeaderNames.CONNECTION);
    if (connection.stream().noneMatch("upgrade"::equalsIgnoreCase)) {
      return "Connection: does not name Upgrade (expected: Upgrade, to open a WebSocket)";
    }
    if (target.hasParameters()) {
      return "path: has a ';' (expected: none, to open a WebSocket)";
    }
    String mistake = bodyMistake(headers);
    return mistake == null ? keyMistake(headers) : mistake;
  }

  /** A body would lie between the handshake and the first frame, for one of the two who read it. */
  private static @Nullable String bodyMistake(HttpHeaders headers) {
    if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
      return "Transfer-Encoding: set (expected: no body, to open a WebSocket)";
    }
    boolean empty = headers.getAll(HttpHeaderNames.CONTENT_LENGTH).stream().allMatch("0"::equals);
    return empty ? null : "Content-Length: set (expected: no body, to open a WebSocket)";
  }

  private static @Nullable String keyMistake(HttpHeaders headers) {
    List<String> keys = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_KEY);
    if (keys.size() != 1 || !AcceptKey.isKey(keys.getFirst())) {
      return "Sec-WebSocket-Key: missing or malformed (expected: one, base64 of 16 bytes)";
    }
    int versions = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_VERSION).size();
    return versions == 1 ? null : "Sec-WebSocket-Version: " + versions + " of them (expected: one)";
  }

  private static AcceptKey key(HttpHeaders headers) {
    String key = headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY);
    List<String> offered = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
    return new AcceptKey(key, offered.isEmpty() ? null : String.join(",", offered));
  }
}
