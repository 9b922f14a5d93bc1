package dev.vestibule.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which 101 opens a WebSocket: cases 5 and 6 of bad input. */
class AcceptKeyTest {

  // RFC 6455 section 1.3.
  private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
  private static final AcceptKey KEY = new AcceptKey(WireHeads.KEY, "chat, superchat");

  /** A good 101, in which the given lines replace those of their names. "Name:" takes it away. */
  private static HttpResponse answer(int status, String... lines) {
    var answer = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
    answer.headers().set("Upgrade", "websocket").set("Connection", "Upgrade");
    answer.headers().set("Sec-WebSocket-Accept", ACCEPT);
    for (String line : lines) {
      answer.headers().remove(name(line));
    }
    for (String line : lines) {
      if (!line.endsWith(":")) {
        answer.headers().add(name(line), line.substring(line.indexOf(':') + 2));
      }
    }
    return answer;
  }

  private static String name(String line) {
    return line.substring(0, line.indexOf(':'));
  }

  @Test
  void answersAsTheRfcDoes() {
    assertThat(KEY.accept()).isEqualTo(ACCEPT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X: y",
        "Upgrade: WebSocket",
        "Connection: keep-alive, upgrade",
        "Sec-WebSocket-Protocol: chat",
        "Sec-WebSocket-Protocol: superchat"
      })
  void opensAWebSocket(String line) {
    assertThat(KEY.mistakeIn(answer(101, line))).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "Upgrade:, 'Upgrade: [] (expected: websocket)'",
    "Upgrade: h2c, 'Upgrade: [h2c] (expected: websocket)'",
    "'Upgrade: websocket, h2c', 'Upgrade: [websocket, h2c] (expected: websocket)'",
    "Connection:, 'Connection: [] (expected: upgrade)'",
    "Connection: close, 'Connection: [close] (expected: upgrade)'",
    "Sec-WebSocket-Accept:, Sec-WebSocket-Accept: []",
    "Sec-WebSocket-Accept: S3pPLMBiTxaQ9kYGzzhZRbK+xOo=, Sec-WebSocket-Accept: [S3p",
    "Sec-WebSocket-Accept: dGhlIHNhbXBsZSBub25jZQ==, Sec-WebSocket-Accept: [dGh",
    "Sec-WebSocket-Protocol: Chat, Sec-WebSocket-Protocol: [Chat]",
    "'Sec-WebSocket-Protocol: chat, superchat', Sec-WebSocket-Protocol: [chat"
  })
  void opensNone(String line, String mistake) {
    assertThat(KEY.mistakeIn(answer(101, line))).startsWith(mistake);
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 200, 426})
  void isAnotherAnswer(int status) {
    assertThat(KEY.mistakeIn(answer(status))).isEqualTo("status: %d (expected: 101)", status);
  }

  @ParameterizedTest
  @CsvSource(
      value = {"NULL, false", "a, true"},
      nullValues = "NULL")
  void choosesNoSubprotocolThatNobodyOffered(@Nullable String offered, boolean good) {
    AcceptKey key = new AcceptKey(WireHeads.KEY, offered);
    assertThat(key.mistakeIn(answer(101, "Sec-WebSocket-Protocol: a")) == null).isEqualTo(good);
    assertThat(key.mistakeIn(answer(101))).isNull();
  }

  @Test
  void takesNoTwoAnswersToTheKey() {
    String line = "Sec-WebSocket-Accept: " + ACCEPT;
    assertThat(KEY.mistakeIn(answer(101, line, line))).startsWith("Sec-WebSocket-Accept: ");
  }
}
