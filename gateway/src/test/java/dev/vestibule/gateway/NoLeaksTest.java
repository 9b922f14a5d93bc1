package dev.vestibule.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NoLeaksTest {

  @Test
  void aBufferThatNobodyReleasesIsFound() {
    List<String> found = new ArrayList<>();
    forget();
    // The collector is asked, not told.
    for (int i = 0; i < 100 && found.isEmpty(); i++) {
      found.addAll(NoLeaks.found());
    }
    assertThat(found).singleElement().asString().contains("NoLeaksTest.forget");
  }

  private static void forget() {
    ByteBufAllocator.DEFAULT.directBuffer(16).writeLong(1);
  }
}
