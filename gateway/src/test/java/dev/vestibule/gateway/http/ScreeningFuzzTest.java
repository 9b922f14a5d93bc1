package dev.vestibule.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.vestibule.gateway.http.Screened.PlainRequest;
import dev.vestibule.gateway.http.Screened.Rejected;
import dev.vestibule.gateway.http.Screened.UpgradeRequest;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Any bytes, as a request: nothing throws, and what is let through keeps what was promised. */
class ScreeningFuzzTest {

  private static final InetSocketAddress HERE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);

  @FuzzTest(maxDuration = "10s")
  void screens(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    screenAll(text);
    // Most of what a fuzzer makes up is no HTTP: let it change parts of what is.
    screenAll(WireHeads.handshakeTo("GET /" + text + " HTTP/1.1"));
    screenAll("GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n" + text + "\r\n\r\n");
    screenAll("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + text);
    screenAll("GET / HTTP/1.1\r\nHost: a\r\nForwarded: " + text + "\r\n\r\n");
  }

  private static void screenAll(String text) {
    for (HttpObject object : WireHeads.readAll(text, 1024)) {
      if (object instanceof HttpRequest request) {
        check(request, Screening.screen(request, true));
      } else {
        HttpDecoding.mistakeIn(object.decoderResult());
      }
      ReferenceCountUtil.release(object);
    }
  }

  private static void check(HttpRequest request, Screened screened) {
    boolean upgrade = screened instanceof UpgradeRequest;
    switch (screened) {
      case Rejected rejected -> {
        assertThat(rejected.status()).isBetween(400, 599);
        return;
      }
      case PlainRequest plain ->
          assertThat(plain.path()).startsWith("/").doesNotContain("//", "/../");
      case UpgradeRequest held -> {
        assertThat(request.method().name()).isEqualTo("GET");
        assertThat(held.path()).startsWith("/").doesNotContain("//", "/../", ";");
        assertThat(held.key().accept()).hasSize(28);
      }
    }
    String target = request.uri();
    Forwarding forwarding = new Forwarding(2, false);
    forwarding.client(request.headers(), HERE);
    forwarding.towardsUpstream(request, upgrade, HERE, HERE);
    assertThat(request.uri()).isEqualTo(target);
    assertThat(request.headers().contains("Upgrade")).isEqualTo(upgrade);
    assertThat(request.headers().getAll("Forwarded")).hasSize(1);
    assertThat(request.headers().get("Forwarded").codePoints()).allMatch(c -> c > 31 && c < 127);
  }
}
