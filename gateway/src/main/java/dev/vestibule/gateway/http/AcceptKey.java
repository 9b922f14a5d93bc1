package dev.vestibule.gateway.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client's handshake asked for, against which a server's 101 is checked. Immutable.
 *
 * @param key {@code Sec-WebSocket-Key} as it was sent
 * @param subprotocols {@code Sec-WebSocket-Protocol}, all that were offered with commas between
 *     them; null: none
 */
public record AcceptKey(String key, @Nullable String subprotocols) {

  // RFC 6455 section 1.3.
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  /**
   * Whether this is a key: base64 of 16 bytes, RFC 6455 section 4.1. Strict: 24 characters, the
   * padding there, and no bit set that is not part of the bytes.
   *
   * @param text what was sent
   * @return whether it is one
   */
  static boolean isKey(String text) {
    if (text.length() != 24) {
      return false;
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      return bytes.length == 16 && Base64.getEncoder().encodeToString(bytes).equals(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * The answer to the key, RFC 6455 section 4.2.2.
   *
   * @return what {@code Sec-WebSocket-Accept} has to be
   */
  public String accept() {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      byte[] digest = sha1.digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-1: missing (expected: in every JDK)", e);
    }
  }

  /**
   * Checks a 101 as the client will, RFC 6455 section 4.1, so that no tunnel is made of an answer
   * that opens no WebSocket. Extensions are left to the client.
   *
   * @param response an answer with status 101
   * @return what is wrong with it, for the log; null: nothing
   */
  public @Nullable String mistakeIn(HttpResponse response) {
    if (response.status().code() != 101) {
      return "status: " + response.status().code() + " (expected: 101)";
    }
    HttpHeaders headers = response.headers();
    List<String> upgrade = Tokens.of(headers, HttpHeaderNames.UPGRADE);
    if (upgrade.size() != 1 || !upgrade.getFirst().equalsIgnoreCase("websocket")) {
      return "Upgrade: " + upgrade + " (expected: websocket)";
    }
    List<String> connection = Tokens.of(headers, HttpHeaderNames.CONNECTION);
    if (connection.stream().noneMatch("upgrade"::equalsIgnoreCase)) {
      return "Connection: " + connection + " (expected: upgrade)";
    }
    List<String> accept = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT);
    if (accept.size() != 1 || !accept.getFirst().strip().equals(accept())) {
      return "Sec-WebSocket-Accept: " + accept + " (expected: " + accept() + ")";
    }
    List<String> chosen = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
    if (chosen.isEmpty()) {
      return null;
    }
    List<String> offered = subprotocols == null ? List.of() : Tokens.split(subprotocols);
    boolean asked = chosen.size() == 1 && offered.contains(chosen.getFirst().strip());
    return asked
        ? null
        : "Sec-WebSocket-Protocol: %s (expected: one of %s)".formatted(chosen, offered);
  }
}
