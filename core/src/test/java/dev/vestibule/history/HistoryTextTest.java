package dev.vestibule.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vestibule.StartupState;
import dev.vestibule.history.PhaseTime.End;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryTextTest {

  private static final String KEY = "0123456789abcdef";
  private static final Instant AT = Instant.parse("2026-03-01T06:30:00Z");
  private static final String WRITTEN =
      """
      vestibule-history 1
      0123456789abcdef 2026-03-01T06:30:00Z failed 2010.512 cache!120.000 database=1890.512 model~3000.000 services>0.007
      fedcba9876543210 2026-03-01T06:31:00Z complete 0.000 a+phase%3D=0.000
      end 2
      """;

  @Test
  void isPlain() {
    assertThat(HistoryText.write(some())).isEqualTo(WRITTEN);
  }

  @Test
  void readsWhatItWrote() throws Exception {
    assertThat(HistoryText.read(WRITTEN)).isEqualTo(some());
    assertThat(HistoryText.read(HistoryText.write(List.of()))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "vestibule-history 1",
        "vestibule-history 1\n",
        "vestibule-history 1\nend 1\n",
        "vestibule-history 1\nend 0",
        "vestibule-history 1\nend 0\n\n",
        "vestibule-history 1\r\nend 0\r\n",
        "vestibule-history 1\n0123456789abcdef\nend 1\n",
        "vestibule-history 1\n0123456789abcdef a=1.000\nend 1\n",
        "vestibule-history 1\n0123456789abcdef 2026-03-01T06:30:00Z complete 1.000\nend 1\n",
        "vestibule-history 1\n0123456789abcdef 2026-03-01T06:30:00.5Z complete 1.000 a=1.000\nend 1\n",
        "vestibule-history 1\n0123456789abcdef 2026-03-01T06:30Z complete 1.000 a=1.000\nend 1\n",
        "vestibule-history 1\n0123456789abcdef 2026-03-01T24:00:00Z complete 1.000 a=1.000\nend 1\n",
        "vestibule-history 1\n0123456789abcdef 2026-02-30T06:30:00Z complete 1.000 a=1.000\nend 1\n",
        "vestibule-history 1\n0123456789abcdef 2026-03-01T06:30:00Z COMPLETE 1.000 a=1.000\nend 1\n",
        "vestibule-history 1\n0123456789abcdef 2026-03-01T06:30:00Z running 1.000 a=1.000\nend 1\n",
        "vestibule-history 1\n0123456789abcdef 2026-03-01T06:30:00Z complete 1 a=1.000\nend 1\n",
        "vestibule-history 1\n0123456789ABCDEF 2026-03-01T06:30:00Z complete 1.000 a=1.000\nend 1\n",
        "vestibule-history 1\n0123456789abcde 2026-03-01T06:30:00Z complete 1.000 a=1.000\nend 1\n",
        "vestibule-history 1\n0123456789abcdef 2026-03-01T06:30:00Z complete 1.000 a=1.000 \nend 1\n",
        "vestibule-history 1\n0123456789abcdef 2026-03-01T06:30:00Z complete 1.000 a=1.00\nend 1\n",
        "vestibule-history 1\n0123456789abcdef 2026-03-01T06:30:00Z complete 1.000 a=-1.000\nend 1\n",
        "vestibule-history 1\n0123456789abcdef 2026-03-01T06:30:00Z complete 1.000 a=01.000\nend 1\n",
        "vestibule-history 1\n0123456789abcdef 2026-03-01T06:30:00Z complete 1.000 a=.000\nend 1\n",
        "vestibule-history 1\n0123456789abcdef 2026-03-01T06:30:00Z complete 1.000 a=123456789012.000\nend 1\n",
        "vestibule-history 1\n0123456789abcdef 2026-03-01T06:30:00Z complete 1.000 a=1.000 a=1.000\nend 1\n",
        "vestibule-history 1\n0123456789abcdef 2026-03-01T06:30:00Z complete 1.000 b=1.000 a=1.000\nend 1\n",
        "vestibule-history 1\n0123456789abcdef 2026-03-01T06:30:00Z complete 1.000 =1.000\nend 1\n",
        "vestibule-history 1\n0123456789abcdef 2026-03-01T06:30:00Z complete 1.000 a%=1.000\nend 1\n",
        "vestibule-history 1\n0123456789abcdef 2026-03-01T06:30:00Z complete 1.000 a%3d=1.000\nend 1\n",
        "vestibule-history 1\n0123456789abcdef 2026-03-01T06:30:00Z complete 1.000 a?1.000\nend 1\n",
      })
  void readsNothingElse(String text) {
    assertThatThrownBy(() -> HistoryText.read(text)).isInstanceOf(HistoryText.Unreadable.class);
  }

  @Test
  void namesWhatIsWrongAndShowsNoMoreThanItShould() {
    assertThatThrownBy(() -> HistoryText.read("vestibule-history 2\nend 0\n"))
        .hasMessage("line 1: vestibule-history 2 (expected: vestibule-history 1)");
    assertThatThrownBy(
            () -> HistoryText.read("vestibule-history 1\n\u001b[2J" + "x".repeat(99) + "\nend 1\n"))
        .hasMessageStartingWith("line 2: ?[2Jxxx")
        .hasMessageEndingWith(
            "... (expected: key, instant, state, time, and phases with times, by name)");
  }

  @Test
  void whereverItIsCutOffIsNoticed() {
    for (int length = 0; length < WRITTEN.length(); length++) {
      String cut = WRITTEN.substring(0, length);
      assertThatThrownBy(() -> HistoryText.read(cut))
          .as(cut)
          .isInstanceOf(HistoryText.Unreadable.class);
    }
  }

  /** Whatever is read is written again as it was; so nothing is read that means something else. */
  @Test
  void whateverComesIsReadExactlyOrNotAtAll() {
    Random random = new Random(20261126);
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      String text = mutated(random);
      try {
        assertThat(HistoryText.write(HistoryText.read(text))).isEqualTo(text);
        read++;
      } catch (HistoryText.Unreadable e) {
        assertThat(e).hasMessageContaining("expected: ");
      }
    }
    assertThat(read).as("mutations that are histories, too").isBetween(100, 19_000);
  }

  private static String mutated(Random random) {
    StringBuilder text = new StringBuilder(WRITTEN);
    String alphabet = "0123456789abcdef=!> .%+\n\r\u0000\u00e9\ud83dendvstibul-hor";
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      int at = random.nextInt(text.length());
      char c = alphabet.charAt(random.nextInt(alphabet.length()));
      switch (random.nextInt(4)) {
        case 0 -> text.setCharAt(at, c);
        case 1 -> text.insert(at, c);
        case 2 -> text.deleteCharAt(at);
        default -> text.delete(at, Math.min(text.length(), at + random.nextInt(30)));
      }
      if (text.isEmpty()) {
        return "";
      }
    }
    return text.toString();
  }

  @Test
  void keepsTheLastFiftyOfEachGraphAndTheLastEightGraphs() {
    List<PastStart> starts = new ArrayList<>();
    for (int graph = 0; graph < 9; graph++) {
      for (int i = 0; i < 51; i++) {
        starts.add(start("000000000000000" + graph, "a", i));
      }
    }
    List<PastStart> kept = HistoryText.newest(starts);
    assertThat(kept).hasSize(400).isEqualTo(keptOf(starts));
  }

  private static List<PastStart> keptOf(List<PastStart> starts) {
    return starts.stream()
        .filter(start -> !start.graph().endsWith("0"))
        .filter(start -> !start.phases().containsValue(new PhaseTime(End.READY, 0)))
        .toList();
  }

  @Test
  void isNeverLongerThanWhatIsRead() {
    List<PastStart> starts = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      starts.add(start(KEY, "n".repeat(100_000), i));
    }
    List<PastStart> kept = HistoryText.newest(starts);
    assertThat(HistoryText.write(kept).length()).isBetween(900_000, HistoryText.MOST_BYTES);
    assertThat(kept.get(kept.size() - 1)).isEqualTo(starts.get(49));
  }

  private static PastStart start(String graph, String phase, long micros) {
    TreeMap<String, PhaseTime> phases = new TreeMap<>();
    phases.put(phase, new PhaseTime(End.READY, micros));
    return new PastStart(graph, AT.plusSeconds(60), StartupState.COMPLETE, Duration.ZERO, phases);
  }

  private static List<PastStart> some() {
    TreeMap<String, PhaseTime> phases = new TreeMap<>();
    phases.put("services", new PhaseTime(End.CUT, 7));
    phases.put("model", new PhaseTime(End.RETRIED, 3_000_000));
    phases.put("database", new PhaseTime(End.READY, 1_890_512));
    phases.put("cache", new PhaseTime(End.FAILED, 120_000));
    Duration elapsed = Duration.ofNanos(2_010_512_000);
    return List.of(
        new PastStart(KEY, AT, StartupState.FAILED, elapsed, phases),
        start("fedcba9876543210", "a phase=", 0));
  }
}
