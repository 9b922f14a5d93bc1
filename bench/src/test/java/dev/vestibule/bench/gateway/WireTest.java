package dev.vestibule.bench.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class WireTest {

  @Test
  void aMessageIsAMaskedFrameOfTheShortestForm() {
    ByteBuffer small = Wire.message(125);
    assertThat(small.remaining()).isEqualTo(2 + 4 + 125);
    assertThat(small.get(1) & 0xff).isEqualTo(0x80 | 125);

    ByteBuffer large = Wire.message(16 * 1024);
    assertThat(large.remaining()).isEqualTo(4 + 4 + 16 * 1024);
    assertThat(large.get(1) & 0xff).isEqualTo(0x80 | 126);
    assertThat(large.getShort(2)).isEqualTo((short) (16 * 1024));
  }

  @Test
  void anAnswerHasNoMask() {
    assertThat(Wire.answerLength(125)).isEqualTo(2 + 125);
    assertThat(Wire.answerLength(16 * 1024)).isEqualTo(4 + 16 * 1024);
  }

  @Test
  void aHeadEndsBehindTheEmptyLine() {
    ByteBuffer head = ByteBuffer.wrap(Wire.HANDSHAKE);
    assertThat(Wire.endOfHead(head, head.limit())).isEqualTo(Wire.HANDSHAKE.length);
    assertThat(Wire.endOfHead(head, head.limit() - 1)).isEqualTo(-1);
  }
}
