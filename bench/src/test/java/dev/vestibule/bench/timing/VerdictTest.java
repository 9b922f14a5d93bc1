package dev.vestibule.bench.timing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {

  private final Summary inPhase = millis(302, 305);
  private final Summary intervals = millis(99, 103);
  private final Summary signal = millis(1, 8);
  private final Summary floor = millis(1, 6);

  @Test
  void holdsForTheFiguresOfTheOriginal() {
    assertThat(Verdict.of(inPhase, intervals, signal, floor).isKept()).isTrue();
  }

  @Test
  void isBrokenByEachExpectationAlone() {
    assertThat(broken(Verdict.of(millis(302, 502), intervals, signal, floor))).isEqualTo(1);
    assertThat(broken(Verdict.of(inPhase, millis(80, 90), signal, floor))).isEqualTo(1);
    assertThat(broken(Verdict.of(inPhase, millis(110, 120), signal, floor))).isEqualTo(1);
    assertThat(broken(Verdict.of(inPhase, intervals, millis(1, 11.1), floor))).isEqualTo(1);
  }

  private static long broken(Verdict verdict) {
    return verdict.lines().stream().filter(line -> !line.kept()).count();
  }

  private static Summary millis(double least, double most) {
    return Summary.of(List.of((long) (least * 1e6), (long) (most * 1e6)));
  }
}
