package dev.vestibule.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.StartupState;
import dev.vestibule.chat.phases.PhaseNames;
import dev.vestibule.history.PastStart;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a house remembers of its starts. */
@Timeout(60)
class HouseTest {

  private final ManualClock clock = new ManualClock();
  @TempDir private Path directory;

  @Test
  void aStartIsKept() throws Exception {
    try (House house = house(Map.of())) {
      start(house);
      while (last(house).isEmpty()) {
        // Whoever completes the start keeps it a moment later.
        Thread.onSpinWait();
      }
    }
    try (House next = house(Map.of())) {
      assertThat(last(next))
          .singleElement()
          .satisfies(start -> {
            assertThat(start.state()).isEqualTo(StartupState.COMPLETE);
            assertThat(start.at()).isEqualTo(clock.instant());
            assertThat(start.phases()).containsKeys(PhaseNames.INIT, PhaseNames.FINALIZE);
          });
    }
  }

  @Test
  void oneThatWasSlowOnPurposeIsNot() throws Exception {
    try (House house = house(Map.of(PhaseNames.SERVICES, Duration.ofMinutes(1)))) {
      start(house);
      house.keep(house.startup().snapshot());
      assertThat(last(house)).isEmpty();
    }
    assertThat(directory.resolve("house/history")).doesNotExist();
  }

  private House house(Map<String, Duration> slow) {
    InetAddress address = InetAddress.getLoopbackAddress();
    Settings settings = new Settings(0, address, directory.resolve("house"), slow, Set.of());
    // Nobody waits for real.
    return new House(settings, null, clock, time -> {});
  }

  private static void start(House house) throws Exception {
    house.startup().start();
    house.arrived(PhaseNames.DEPENDENCIES);
    house.arrived(PhaseNames.WEBSOCKET);
    house.startup().await(PhaseNames.FINALIZE);
  }

  private static List<PastStart> last(House house) {
    return house.history().last(house.startup().snapshot().phases(), 50);
  }
}
