package dev.vestibule.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of the headers goes through, and who is said to have asked: case 11 of bad input. */
class ForwardingTest {

  private static final InetSocketAddress LOCAL = at("192.0.2.80", 8080);
  private static final InetSocketAddress PEER = at("203.0.113.7", 50_000);

  private static InetSocketAddress at(String address, int port) {
    try {
      byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
      return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(address, e);
    }
  }

  private static HttpRequest request(String... lines) {
    String more = lines.length == 0 ? "" : String.join("\r\n", lines) + "\r\n";
    return WireHeads.read("GET / HTTP/1.1\r\nHost: example.org\r\n" + more + "\r\n");
  }

  private static HttpHeaders forwarded(int trustedHops, String... lines) {
    return forwarded(new Forwarding(trustedHops, false), PEER, false, lines);
  }

  private static HttpHeaders forwarded(
      Forwarding forwarding, InetSocketAddress peer, boolean upgrade, String... lines) {
    HttpRequest request = request(lines);
    forwarding.towardsUpstream(request, upgrade, peer, LOCAL);
    return request.headers();
  }

  @Test
  void stripsWhatIsForOneConnection() {
    HttpHeaders headers =
        forwarded(
            0,
            "Connection: keep-alive, X-Internal-Auth, , upgrade",
            "Connection: X-Other",
            "x-internal-auth: secret",
            "X-OTHER: b",
            "Keep-Alive: timeout=5",
            "Proxy-Connection: keep-alive",
            "Proxy-Authorization: Basic eDp5",
            "TE: gzip",
            "Upgrade: h2c",
            "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
            "Cookie: a=b",
            "Authorization: Bearer c",
            "Expect: 100-continue",
            "X-More: d");
    assertThat(headers.names())
        .containsExactlyInAnyOrder(
            "Host",
            "Cookie",
            "Authorization",
            "Expect",
            "X-More",
            "forwarded",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-port",
            "x-forwarded-proto");
  }

  @Test
  void writesAHandshakeAnew() {
    HttpHeaders headers =
        forwarded(
            new Forwarding(0, false),
            PEER,
            true,
            "Connection: keep-alive, Upgrade, x-internal-auth, TE",
            "X-Internal-Auth: secret",
            "TE: trailers",
            "Upgrade: WebSocket",
            "Sec-WebSocket-Key: " + WireHeads.KEY,
            "Sec-WebSocket-Version: 13");
    assertThat(headers.getAll("Connection")).containsExactly("Upgrade");
    assertThat(headers.getAll("Upgrade")).containsExactly("websocket");
    assertThat(headers.get("Sec-WebSocket-Key")).isEqualTo(WireHeads.KEY);
    assertThat(headers.contains("X-Internal-Auth")).isFalse();
    assertThat(headers.contains("TE")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"'TE: trailers'", "'TE: gzip, trailers'"})
  void keepsThatTrailersAreWelcome(String line) {
    HttpHeaders headers = forwarded(0, "Connection: TE, close", line);
    assertThat(headers.getAll("TE")).containsExactly("trailers");
    assertThat(headers.getAll("Connection")).containsExactly("TE");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: example.org",
        "Content-Length: 5",
        "Transfer-Encoding: chunked",
        "Trailer: X",
        "Expect: 100-continue",
        "Origin: https://example.org",
        "Sec-WebSocket-Key: x",
        "Sec-WebSocket-Protocol: x"
      })
  void keepsWhatItReliesOnWhateverIsNamed(String line) {
    String name = line.substring(0, line.indexOf(':'));
    String[] lines = {"Connection: close, " + name, name.equals("Host") ? "X-Y: z" : line};
    assertThat(forwarded(0, lines).getAll(name)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X_Forwarded_For",
        "X-Forwarded_For",
        "x_forwarded-proto",
        "X_REAL_IP",
        "Content_Length",
        "Transfer_Encoding",
        "Sec_WebSocket_Key",
        "Proxy_Connection"
      })
  void dropsWhatABackendTakesForSomethingElse(String name) {
    assertThat(forwarded(0, name + ": 1").contains(name)).isFalse();
    assertThat(forwarded(2, name + ": 1").contains(name)).isFalse();
  }

  @Test
  void letsOtherUnderscoresPass() {
    assertThat(forwarded(0, "user_id: 1", "X_Y: 2").names()).contains("user_id", "X_Y");
  }

  @Test
  void saysWhoAskedAndBelievesNobody() {
    HttpHeaders headers =
        forwarded(
            0,
            "Connection: X-Forwarded-For, Forwarded",
            "X-Forwarded-For: 1.2.3.4",
            "X-FORWARDED-FOR: 1.2.3.4",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Host: evil.example",
            "X-Forwarded-Port: 443",
            "X-Forwarded-Prefix: /x",
            "X-Forwarded: 1.2.3.4",
            "X-Real-IP: 1.2.3.4",
            "Forwarded: for=1.2.3.4;proto=https");
    assertThat(headers.getAll("X-Forwarded-For")).containsExactly("203.0.113.7");
    assertThat(headers.getAll("X-Forwarded-Proto")).containsExactly("http");
    assertThat(headers.getAll("X-Forwarded-Host")).containsExactly("example.org");
    assertThat(headers.getAll("X-Forwarded-Port")).containsExactly("8080");
    assertThat(headers.getAll("Forwarded"))
        .containsExactly("for=203.0.113.7;host=\"example.org\";proto=http");
    assertThat(headers.contains("X-Forwarded-Prefix")).isFalse();
    assertThat(headers.contains("X-Forwarded")).isFalse();
    assertThat(headers.contains("X-Real-IP")).isFalse();
  }

  @Test
  void writesIpv6AsEachHeaderWantsIt() {
    Forwarding forwarding = new Forwarding(0, true);
    HttpHeaders headers = forwarded(forwarding, at("2001:db8::1", 9), false);
    assertThat(headers.get("X-Forwarded-For")).isEqualTo("2001:db8::1");
    assertThat(headers.get("X-Forwarded-Proto")).isEqualTo("https");
    assertThat(headers.get("Forwarded"))
        .isEqualTo("for=\"[2001:db8::1]\";host=\"example.org\";proto=https");
  }

  @Test
  void saysNoHostThatNobodySaid() {
    HttpRequest request = WireHeads.read("GET / HTTP/1.0\r\nX-Forwarded-Host: evil\r\n\r\n");
    new Forwarding(1, false).towardsUpstream(request, false, PEER, LOCAL);
    assertThat(request.headers().contains("X-Forwarded-Host")).isFalse();
    assertThat(request.headers().get("Forwarded")).isEqualTo("for=203.0.113.7;proto=http");
  }

  @Test
  void keepsWhatTrustedHopsCanHaveWritten() {
    String[] lines = {
      "X-Forwarded-For: 6.6.6.6, 198.51.100.1",
      "X-Forwarded-For: 10.0.0.1",
      "X-Forwarded-Proto: ftp, https, http",
      "X-Forwarded-Host: evil.example, example.com, inner",
      "X-Forwarded-Port: 1, 443, 80",
      "X-Forwarded-Prefix: /x",
      "Forwarded: for=6.6.6.6"
    };
    HttpHeaders headers = forwarded(2, lines);
    assertThat(headers.getAll("X-Forwarded-For"))
        .containsExactly("198.51.100.1, 10.0.0.1, 203.0.113.7");
    assertThat(headers.getAll("X-Forwarded-Proto")).containsExactly("https");
    assertThat(headers.getAll("X-Forwarded-Host")).containsExactly("example.com");
    assertThat(headers.getAll("X-Forwarded-Port")).containsExactly("443");
    assertThat(headers.get("X-Forwarded-Prefix")).isEqualTo("/x");
    assertThat(headers.getAll("Forwarded"))
        .containsExactly(
            "for=198.51.100.1;host=\"example.com\";proto=https, for=10.0.0.1, "
                + "for=203.0.113.7;host=\"example.org\";proto=http");
  }

  @Test
  void readsForwardedWhereItStandsAlone() {
    HttpHeaders headers =
        forwarded(
            2,
            "Forwarded: for=6.6.6.6, for=\"[2001:db8::2]:4711\";host=\"example.com\";PROTO=https",
            "Forwarded: by=_x;for=10.0.0.1");
    assertThat(headers.get("X-Forwarded-For")).isEqualTo("2001:db8::2, 10.0.0.1, 203.0.113.7");
    assertThat(headers.get("X-Forwarded-Proto")).isEqualTo("https");
    assertThat(headers.get("X-Forwarded-Host")).isEqualTo("example.com");
    assertThat(headers.get("Forwarded"))
        .startsWith(
            "for=\"[2001:db8::2]\";host=\"example.com\";proto=https, for=10.0.0.1, for=203");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "0, 'X-Forwarded-For: 1.2.3.4', 203.0.113.7",
        "0, 'X-Y: z', 203.0.113.7",
        "1, 'X-Y: z', -",
        "1, 'X-Forwarded-For: 1.2.3.4', 1.2.3.4",
        "1, 'X-Forwarded-For: 6.6.6.6, 1.2.3.4', 1.2.3.4",
        "1, 'X-Forwarded-For: 6.6.6.6,1.2.3.4:99', 1.2.3.4",
        "1, 'X-Forwarded-For: 2001:db8::3', 2001:db8::3",
        "1, 'X-Forwarded-For: [2001:db8::3]', 2001:db8::3",
        "1, 'X-Forwarded-For: [2001:db8::3]:99', 2001:db8::3",
        "2, 'X-Forwarded-For: 6.6.6.6, 1.2.3.4, 10.0.0.1', 1.2.3.4",
        "2, 'X-Forwarded-For: 1.2.3.4', -",
        "1, 'X-Forwarded-For: localhost', -",
        "1, 'X-Forwarded-For: 1.2.3.456', -",
        "1, 'X-Forwarded-For: 0x7f.1', -",
        "1, 'X-Forwarded-For: unknown', -",
        "1, 'X-Forwarded-For: ,', -",
        "1, 'Forwarded: for=1.2.3.4', 1.2.3.4",
        "1, 'Forwarded: For=\"1.2.3.4:80\"', 1.2.3.4",
        "1, 'Forwarded: for=6.6.6.6, for=\"[2001:db8::4]\"', 2001:db8::4",
        "1, 'Forwarded: for=1.2.3.4;x=\"a,b;for=6.6.6.6\"', 1.2.3.4",
        "1, 'Forwarded: for=\"1.2.3.4', -",
        "1, 'Forwarded: for=1.2.3.4;;', 1.2.3.4",
        "1, 'Forwarded: for=_hidden', -",
        "1, 'Forwarded: for 1.2.3.4', -"
      })
  void knowsTheClient(int trustedHops, String line, @Nullable String expected) {
    InetAddress client = new Forwarding(trustedHops, false).client(request(line).headers(), PEER);
    assertThat(client).isEqualTo(expected == null ? null : at(expected, 0).getAddress());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a\"b", "a;proto=https", "x y", "1.2.3.4\"", "[::1", "::zz", "fe80::1%eth0;x"})
  void passesNothingOnThatCouldBeReadOtherwise(String node) {
    HttpHeaders headers = forwarded(1, "X-Forwarded-For: " + node);
    assertThat(headers.get("X-Forwarded-For")).isEqualTo("unknown, 203.0.113.7");
    assertThat(headers.get("Forwarded")).startsWith("for=unknown, for=203.0.113.7");
  }

  @Test
  void trustsNoNegativeNumber() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Forwarding(-1, false))
        .withMessage("trustedHops: -1 (expected: >= 0)");
  }

  private static HttpHeaders answered(int status, String... lines) {
    HttpResponse response =
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
    for (String line : lines) {
      int colon = line.indexOf(':');
      response.headers().add(line.substring(0, colon), line.substring(colon + 2));
    }
    new Forwarding(0, false).towardsClient(response);
    return response.headers();
  }

  @Test
  void stripsAnswers() {
    HttpHeaders headers =
        answered(
            200,
            "Connection: close, X-Internal, Content-Length",
            "X-Internal: a",
            "Keep-Alive: timeout=5",
            "Upgrade: h2c",
            "Content-Length: 3",
            "Set-Cookie: a=b",
            "Set-Cookie: c=d",
            "X_Forwarded_For: e");
    assertThat(headers.names())
        .containsExactlyInAnyOrder("Content-Length", "Set-Cookie", "X_Forwarded_For");
    assertThat(headers.getAll("Set-Cookie")).isEqualTo(List.of("a=b", "c=d"));
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 426})
  void keepsAnUpgradeWhereItBelongs(int status) {
    HttpHeaders headers = answered(status, "Connection: upgrade, X-Internal", "Upgrade: websocket");
    assertThat(headers.getAll("Connection")).containsExactly("Upgrade");
    assertThat(headers.getAll("Upgrade")).containsExactly("websocket");
  }
}
