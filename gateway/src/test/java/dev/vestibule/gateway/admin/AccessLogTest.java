package dev.vestibule.gateway.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Reason;
import dev.vestibule.gateway.config.AdminSettings.AccessLogFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class AccessLogTest {

  private static final InstantSource NOW =
      InstantSource.fixed(Instant.parse("2026-11-26T20:01:22.007Z"));

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private String written() {
    return out.toString(UTF_8);
  }

  @Test
  void textIsInColumns() {
    try (AccessLog log = new AccessLog(AccessLogFormat.TEXT, out, NOW)) {
      log.ended(Passages.session("app", 4401));
      log.ended(Passages.cutMidFrame("app"));
      log.ended(Passages.refused("shop", Reason.BUDGET_SPENT));
      log.ended(Passages.bad("-", "-"));
    }
    assertThat(written())
        .isEqualTo(
            """
            2026-11-26T20:01:22.007Z 192.0.2.7       upgrade passed   101 wait   2.913s took    61.204s in     1234 out     5678 close 4401/client   app      GET /chat/42
            2026-11-26T20:01:22.007Z 192.0.2.7       upgrade passed   101 wait   0.000s took     7.000s in        0 out      900 close -/upstream    app      GET /chat/42 cut within a frame
            2026-11-26T20:01:22.007Z 192.0.2.7       request refused  503 wait  30.000s took    30.000s in        0 out       99 close -             shop     POST /orders BUDGET_SPENT
            2026-11-26T20:01:22.007Z -               request rejected 400 wait   0.000s took     0.003s in        0 out        0 close -             -        - -
            """);
  }

  @Test
  void jsonIsAnObjectPerLine() {
    try (AccessLog log = new AccessLog(AccessLogFormat.JSON, out, NOW)) {
      log.ended(Passages.session("app", 1000));
      log.ended(Passages.refused("shop", Reason.FULL));
    }
    assertThat(written())
        .isEqualTo(
            """
            {"time":"2026-11-26T20:01:22.007Z","client":"192.0.2.7","kind":"upgrade","method":"GET","path":"/chat/42","upstream":"app","outcome":"passed","reason":null,"status":101,"waitMillis":2913.000,"durationMillis":61204.000,"bytesIn":1234,"bytesOut":5678,"closedBy":"client","closeCode":1000,"midFrame":false}
            {"time":"2026-11-26T20:01:22.007Z","client":"192.0.2.7","kind":"request","method":"POST","path":"/orders","upstream":"shop","outcome":"refused","reason":"FULL","status":503,"waitMillis":30000.000,"durationMillis":30000.000,"bytesIn":0,"bytesOut":99,"closedBy":null,"closeCode":null,"midFrame":false}
            """);
  }

  @ParameterizedTest
  @EnumSource(
      value = AccessLogFormat.class,
      names = {"TEXT", "JSON"})
  void nothingThatAClientSendsEndsALineOrReachesATerminal(AccessLogFormat format) {
    String hostile =
        "/a\n2026 fake\r\u001b[2J\u0007\u0000\u007f\u009b31m\u202e\u2028 \"x\\\ud800\u00e9";
    try (AccessLog log = new AccessLog(format, out, NOW)) {
      log.ended(Passages.bad("GE\nT", hostile));
      log.ended(Passages.bad("GET", "/" + "x".repeat(100_000)));
    }
    assertThat(written().lines()).hasSize(2).allMatch(line -> line.matches("[ -~]+"));
    assertThat(written()).hasSizeLessThan(2_000);
    if (format == AccessLogFormat.TEXT) {
      assertThat(written()).contains("GE\\u000aT /a\\u000a2026\\u0020fake\\u000d\\u001b[2J");
    }
  }

  /** Output that takes nothing until it is let go on. */
  private final class Stuck extends OutputStream {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) {
      reached.countDown();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      out.write(bytes, from, count);
    }
  }

  @Test
  void whoTellsNeverWaitsAndWhatIsDroppedIsSaid() throws Exception {
    Stuck stuck = new Stuck();
    try (AccessLog log = new AccessLog(AccessLogFormat.JSON, stuck, NOW, 5)) {
      log.ended(Passages.session("app", 1000));
      stuck.reached.await();
      for (int i = 0; i < 12; i++) {
        log.ended(Passages.session("app", 1000));
      }
      assertThat(log.dropped()).isEqualTo(7);
      stuck.goOn.countDown();
    }
    assertThat(written().lines())
        .hasSize(7)
        .last()
        .isEqualTo("{\"time\":\"2026-11-26T20:01:22.007Z\",\"dropped\":7}");
  }

  @Test
  void whatIsDroppedIsSaidOnceInText() throws Exception {
    Stuck stuck = new Stuck();
    try (AccessLog log = new AccessLog(AccessLogFormat.TEXT, stuck, NOW, 1)) {
      log.ended(Passages.session("app", 1000));
      stuck.reached.await();
      log.ended(Passages.session("app", 1000));
      log.ended(Passages.session("app", 1000));
      stuck.goOn.countDown();
    }
    assertThat(written().lines().filter(line -> line.contains("dropped")))
        .containsExactly(
            "2026-11-26T20:01:22.007Z access log: 1 lines dropped, output is too slow");
  }

  @Test
  void outputThatBreaksIsCountedAndStopsNothing() {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    AccessLog log = new AccessLog(AccessLogFormat.TEXT, broken, NOW);
    log.ended(Passages.session("app", 1000));
    log.ended(Passages.session("app", 1000));
    log.close();
    assertThat(log.dropped()).isEqualTo(2);
  }

  @Test
  void aStuckOutputDoesNotKeepItFromClosing() throws Exception {
    Stuck stuck = new Stuck();
    AccessLog log = new AccessLog(AccessLogFormat.TEXT, stuck, NOW);
    log.ended(Passages.session("app", 1000));
    stuck.reached.await();
    log.close();
    stuck.goOn.countDown();
  }
}
