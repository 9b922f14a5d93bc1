package dev.vestibule.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.gateway.http.Screened.PlainRequest;
import dev.vestibule.gateway.http.Screened.Rejected;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no HTTP, cases 12 and 13 of bad input among it, and what is. */
class HttpDecodingTest {

  private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\n";

  /** The first mistake in a request or its body; 0 when there is none. */
  private static int statusOf(String text) {
    List<HttpObject> objects = WireHeads.readAll(text, 16 * 1024);
    try {
      assertThat(objects).isNotEmpty();
      if (objects.getFirst() instanceof HttpRequest request
          && Screening.screen(request, true) instanceof Rejected rejected) {
        return rejected.status();
      }
      return objects.stream()
          .map(object -> HttpDecoding.mistakeIn(object.decoderResult()))
          .filter(Objects::nonNull)
          .mapToInt(Rejected::status)
          .findFirst()
          .orElse(0);
    } finally {
      objects.forEach(ReferenceCountUtil::release);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
        "Content-Length: 3, 3\r\n\r\nabc",
        "Content-Length: +3\r\n\r\nabc",
        "Content-Length: -3\r\n\r\nabc",
        "Content-Length: 0x3\r\n\r\nabc",
        "Content-Length: 3 \t3\r\n\r\nabc",
        "Content-Length: 99999999999999999999\r\n\r\nabc",
        "Content-Length:\r\n\r\n",
        "Transfer-Encoding: chunked, xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: identity\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabcX\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n3;a\nb\r\nabc\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n3;a=\"\nb\"\r\nabc\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n+3\r\nabc\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n3 3\r\nabc\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n0_3\r\nabc\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff3\r\nabc\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n100000003\r\nabc\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n0\r\nA: b\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n0\r\nA : b\r\n\r\n",
        "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n",
        "Content-Length : 3\r\n\r\nabc",
        " Content-Length: 3\r\n\r\nabc",
        "A: b\n\r\n",
        "A: b\nTransfer-Encoding: chunked\r\n\r\n",
        "A: b\rc\r\n\r\n",
        "A: b\0c\r\n\r\n",
        "A b\r\n\r\n",
        ": b\r\n\r\n",
        "A\0: b\r\n\r\n",
        "A(: b\r\n\r\n"
      })
  void isNoRequest(String rest) {
    assertThat(statusOf(POST + rest)).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 3\r\n\r\nabc",
        "Content-Length: 0\r\n\r\n",
        "content-length:3\r\n\r\nabc",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "Transfer-Encoding: Chunked\r\n\r\n3;name=value\r\nabc\r\n000\r\nA: b\r\n\r\n",
        "A: b \t\r\nA:\r\nA: \u00e9\r\n\r\n"
      })
  void isARequest(String rest) {
    assertThat(statusOf(POST + rest)).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\nHost: a\r\n\r\n",
        "GET / x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /\r\n\r\n",
        "GET / ICAP/1.0\r\nHost: a\r\n\r\n",
        "G(T / HTTP/1.1\r\nHost: a\r\n\r\n",
        "\u0016\u0003\u0001\u0002\r\n\r\n"
      })
  void isNoRequestLine(String text) {
    assertThat(statusOf(text)).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({"HTTP/2.0, 505", "HTTP/1.2, 505", "HTTP/0.9, 505", "HTTP/1.1, 0", "HTTP/1.0, 0"})
  void isAVersion(String version, int status) {
    assertThat(statusOf("GET / " + version + "\r\nHost: a\r\n\r\n")).isEqualTo(status);
    assertThat(statusOf("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")).isEqualTo(505);
  }

  @Test
  void knowsOneTransferCoding() {
    String gzip = "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n";
    assertThat(statusOf(POST + gzip)).isEqualTo(501);
    String old = "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    assertThat(statusOf(old)).isEqualTo(400);
  }

  /** RFC 9112 section 5.2 allows that; what is passed on is written anew. */
  @Test
  void makesOneLineOfAFoldedOne() {
    HttpRequest request = WireHeads.read(POST + "A: b\r\n  c\r\n\r\n");
    assertThat(request.headers().get("A")).isEqualTo("b c");
  }

  @Test
  void boundsHeaders() {
    assertThat(statusOf(POST + "a: b\r\n".repeat(199) + "\r\n")).isZero();
    assertThat(statusOf(POST + "a: b\r\n".repeat(2000) + "\r\n")).isEqualTo(431);
    assertThat(statusOf(POST + "some-name: some value\r\n".repeat(2000) + "\r\n")).isEqualTo(431);
    assertThat(statusOf(POST + "a: " + "b".repeat(100_000) + "\r\n\r\n")).isEqualTo(431);
    assertThat(statusOf("GET /" + "b".repeat(100_000) + " HTTP/1.1\r\nHost: a\r\n\r\n"))
        .isEqualTo(400);
    assertThat(statusOf("GET /" + "b".repeat(16_000) + " HTTP/1.1\r\nHost: a\r\n\r\n")).isZero();
  }

  @Test
  void boundsTrailersAndExtensions() {
    String chunked = POST + "Transfer-Encoding: chunked\r\n\r\n";
    assertThat(statusOf(chunked + "0\r\na: " + "b".repeat(100_000) + "\r\n\r\n")).isIn(400, 431);
    assertThat(statusOf(chunked + "1;" + "b".repeat(100_000) + "\r\na\r\n0\r\n\r\n"))
        .isEqualTo(400);
  }

  @Test
  void readsNothingAfterAMistake() {
    String two =
        POST + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + POST + "\r\n";
    List<HttpObject> objects = WireHeads.readAll(two, 16 * 1024);
    objects.forEach(ReferenceCountUtil::release);
    assertThat(objects.stream().filter(HttpRequest.class::isInstance)).hasSize(1);
  }

  @Test
  void readsOneRequestAfterTheOther() {
    List<HttpObject> objects =
        WireHeads.readAll((POST + "Content-Length: 3\r\n\r\nabc").repeat(3), 1024);
    objects.forEach(ReferenceCountUtil::release);
    assertThat(objects.stream().filter(HttpRequest.class::isInstance).map(HttpRequest.class::cast))
        .hasSize(3)
        .allSatisfy(r -> assertThat(Screening.screen(r, true)).isEqualTo(new PlainRequest("/")));
  }
}
