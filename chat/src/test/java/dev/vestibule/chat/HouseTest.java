package dev.vestibule.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.PhaseSnapshot;
import dev.vestibule.StartupState;
import dev.vestibule.chat.model.ModelLimits;
import dev.vestibule.chat.model.ModelSettings;
import dev.vestibule.chat.phases.PhaseNames;
import dev.vestibule.history.PastStart;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a house starts, and what it remembers of it. */
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

  @Test
  void aModelIsTheLastRowBecauseNobodyWaitsForIt() throws Exception {
    ModelSettings model =
        new ModelSettings(URI.create("http://127.0.0.1:9/v1"), "any", null, ModelLimits.DEFAULT);
    Settings settings =
        new Settings(
            0,
            InetAddress.getLoopbackAddress(),
            directory.resolve("house"),
            Map.of(),
            Set.of(),
            Surroundings.DEFAULT,
            null,
            model,
            null);
    try (House house = new House(settings, null, clock, time -> {})) {
      assertThat(house.startup().snapshot().phases())
          .extracting(PhaseSnapshot::name)
          .startsWith(PhaseNames.ALL.toArray(String[]::new))
          .endsWith(PhaseNames.MODEL);
    }
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
