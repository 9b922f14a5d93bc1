package dev.vestibule.gateway.upstream;

import static dev.vestibule.gateway.upstream.Notification.Said.READY;
import static dev.vestibule.gateway.upstream.Notification.Said.RELOADING;
import static dev.vestibule.gateway.upstream.Notification.Said.STOPPING;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotificationTest {

  private static @Nullable Notification parse(String text) {
    return Notification.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  private static @Nullable String statusOf(byte[] datagram) {
    return Objects.requireNonNull(Notification.parse(datagram)).status();
  }

  private static @Nullable String statusOf(String text) {
    return statusOf(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsWhatItKnowsInOrderAndLeavesTheRestOut() {
    assertThat(parse("READY=1")).isEqualTo(new Notification(List.of(READY), null));
    assertThat(
            parse(
                "RELOADING=1\nMONOTONIC_USEC=123\nMAINPID=42\nWATCHDOG=1\nFDSTORE=1\nX_OWN=a=b\n"
                    + "STATUS=one\nSTATUS=two = three\nREADY=1\nSTOPPING=1\n\n"))
        .isEqualTo(new Notification(List.of(RELOADING, READY, STOPPING), "two = three"));
    assertThat(parse("READY=0\nREADY=11\nready=1\nREADY=1 \nXREADY=1"))
        .isEqualTo(new Notification(List.of(), null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "READY", "READY=1\nnonsense", "=1", "READY=1\nSTATUS=a\0b", "\0"})
  void whatIsMalformedIsNothing(String datagram) {
    assertThat(parse(datagram)).isNull();
  }

  @Test
  void whatIsTooLongIsNothing() {
    int most = Notification.MOST_BYTES;
    assertThat(parse("READY=1\nX=" + "x".repeat(most - 10))).isNotNull();
    assertThat(parse("READY=1\nX=" + "x".repeat(most - 9))).isNull();
  }

  @Test
  void aStatusCannotMoveACursorOrEndALine() {
    assertThat(statusOf("STATUS= \u001b[31mred\u0007\r\u009b2J \u202egnp.exe\u2028x\u200b\t"))
        .isEqualTo("[31mred2J gnp.exex");
    assertThat(statusOf("STATUS=" + "\uD83D\uDE80".repeat(500)))
        .isEqualTo("\uD83D\uDE80".repeat(Notification.MOST_STATUS));
    assertThat(statusOf(new byte[] {'S', 'T', 'A', 'T', 'U', 'S', '=', -1})).isEqualTo("\uFFFD");
  }

  @Test
  void anyBytesAreReadOrRefused() {
    // Seeded: what failed once fails again.
    Random random = new Random(20261126);
    String[] parts = {"READY=1", "STOPPING=1", "RELOADING=1", "STATUS=", "\n", "=", "\0", "\u001b"};
    for (int i = 0; i < 200_000; i++) {
      byte[] noise = new byte[random.nextInt(40)];
      random.nextBytes(noise);
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(6); j > 0; j--) {
        text.append(parts[random.nextInt(parts.length)]);
      }
      byte[] known = text.toString().getBytes(StandardCharsets.UTF_8);
      byte[] datagram = new byte[known.length + noise.length];
      System.arraycopy(known, 0, datagram, 0, known.length);
      System.arraycopy(noise, 0, datagram, known.length, noise.length);
      Notification heard = Notification.parse(datagram);
      if (heard != null && heard.status() != null) {
        assertThat(heard.status().codePoints().count()).isLessThanOrEqualTo(200);
        assertThat(heard.status().codePoints().noneMatch(Character::isISOControl)).isTrue();
      }
    }
  }
}
