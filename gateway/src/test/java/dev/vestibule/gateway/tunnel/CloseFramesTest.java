package dev.vestibule.gateway.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Close frames to the byte. */
class CloseFramesTest {

  private static String hex(int code, String reason) {
    ByteBuf frame = CloseFrames.of(UnpooledByteBufAllocator.DEFAULT, code, reason);
    try {
      return ByteBufUtil.hexDump(frame);
    } finally {
      frame.release();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1012, '', 880203f4",
    "1014, gone, 880603f6676f6e65",
    "1000, ü, 880403e8c3bc",
    "4999, '', 88021387"
  })
  void areWholeAndNotMasked(int code, String reason, String expected) {
    assertThat(hex(code, reason)).isEqualTo(expected);
  }

  @Test
  void haveRoomForSoMuch() {
    assertThat(hex(1012, "r".repeat(123))).startsWith("887d03f4").hasSize(2 * 127);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> hex(1012, "r".repeat(124)))
        .withMessage("reason: 124 bytes (expected: at most 123)");
    assertThatIllegalArgumentException().isThrownBy(() -> hex(1012, "ü".repeat(62)));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 999, 1004, 1005, 1006, 1015, 5000, 66547})
  void neverHaveACodeThatMustNotBeSent(int code) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> hex(code, ""))
        .withMessageStartingWith("code: " + code + " (expected: 1000 to 4999");
  }
}
