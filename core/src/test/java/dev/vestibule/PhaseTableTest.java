package dev.vestibule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.testkit.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The design's table of states and events, cell by cell: as a function, and as an application. */
class PhaseTableTest {

  private static final String TABLE =
      """
      state     | BEGIN     READY     FAIL      DEPENDENCY_FAILED CLOSE     LOST      REGAINED
      PENDING   | RUNNING   PENDING   PENDING   SKIPPED           CANCELLED PENDING   PENDING
      RUNNING   | RUNNING   READY     FAILED    RUNNING           CANCELLED RUNNING   RUNNING
      READY     | READY     READY     READY     READY             READY     DOWN      READY
      DOWN      | DOWN      READY     DOWN      DOWN              DOWN      DOWN      READY
      FAILED    | FAILED    FAILED    FAILED    FAILED            FAILED    FAILED    FAILED
      SKIPPED   | SKIPPED   SKIPPED   SKIPPED   SKIPPED           SKIPPED   SKIPPED   SKIPPED
      CANCELLED | CANCELLED CANCELLED CANCELLED CANCELLED         CANCELLED CANCELLED CANCELLED
      """;

  private final Logs logs = Logs.capture();
  private final ManualTime time = new ManualTime();
  private final Exception boom = new IOException("boom");
  private final Startup startup =
      Startup.define()
          .phase("before", p -> p.signalled())
          .phase("it", p -> p.signalled().after("before"))
          .ticker(time)
          .scheduler(time)
          .build();

  @AfterEach
  void restoreLogging() {
    logs.close();
    assertThat(time.pending()).isZero();
  }

  static Stream<Arguments> cells() {
    List<String> lines = TABLE.lines().toList();
    List<PhaseEvent> events = words(lines.get(0)).skip(2).map(PhaseEvent::valueOf).toList();
    return lines.stream()
        .skip(1)
        .flatMap(line -> {
          List<String> row = words(line).toList();
          PhaseState from = PhaseState.valueOf(row.get(0));
          return events.stream()
              .map(event ->
                  Arguments.of(
                      from, event, PhaseState.valueOf(row.get(2 + events.indexOf(event)))));
        });
  }

  private static Stream<String> words(String line) {
    return Arrays.stream(line.trim().split("\\s+", -1));
  }

  @ParameterizedTest
  @MethodSource("cells")
  void theFunctionIsTheTable(PhaseState from, PhaseEvent event, PhaseState to) {
    assertThat(from.after(event)).isEqualTo(to);
  }

  @ParameterizedTest
  @MethodSource("cells")
  void soIsWhatAnApplicationSees(PhaseState from, PhaseEvent event, PhaseState to) {
    bring(from);
    assertThat(state()).isEqualTo(from);

    happen(event);

    assertThat(state()).isEqualTo(to);
  }

  private void bring(PhaseState state) {
    startup.start();
    Signal it = startup.signal("it");
    switch (state) {
      case PENDING -> {}
      case SKIPPED -> startup.signal("before").failed(boom);
      case RUNNING, READY, DOWN, FAILED, CANCELLED -> startup.signal("before").ready();
    }
    switch (state) {
      case PENDING, SKIPPED, RUNNING -> {}
      case READY -> it.ready();
      case DOWN -> {
        it.ready();
        it.lost(boom);
      }
      case FAILED -> it.failed(boom);
      case CANCELLED -> startup.close();
    }
  }

  private void happen(PhaseEvent event) {
    Signal it = startup.signal("it");
    switch (event) {
      case BEGIN -> startup.signal("before").ready();
      case READY -> it.ready();
      case FAIL -> it.failed(boom);
      case DEPENDENCY_FAILED -> startup.signal("before").failed(boom);
      case CLOSE -> startup.close();
      case LOST -> it.lost(boom);
      case REGAINED -> it.regained();
    }
  }

  private PhaseState state() {
    return startup.snapshot().phase("it").state();
  }

  @Test
  void aReadyThatComesEarlyIsKept() {
    startup.signal("it").ready();
    startup.start();
    assertThat(state()).isEqualTo(PhaseState.PENDING);

    startup.signal("before").ready();

    assertThat(state()).isEqualTo(PhaseState.READY);
    assertThat(startup.snapshot().state()).isEqualTo(StartupState.COMPLETE);
  }

  @Test
  void aFailureThatComesEarlyIsKept() {
    startup.start();
    startup.signal("it").failed(boom);
    assertThat(startup.snapshot().state()).isEqualTo(StartupState.RUNNING);

    startup.signal("before").ready();

    assertThat(state()).isEqualTo(PhaseState.FAILED);
    assertThat(startup.snapshot().state()).isEqualTo(StartupState.FAILED);
  }

  @Test
  void theFirstOfTwoEarlySignalsCounts() {
    startup.signal("it").ready();
    startup.signal("it").failed(boom);
    startup.start();
    startup.signal("before").ready();

    assertThat(state()).isEqualTo(PhaseState.READY);
  }

  @Test
  void anEarlySignalIsForgottenWhenADependencyFails() {
    startup.start();
    startup.signal("it").ready();
    startup.signal("before").failed(boom);

    assertThat(state()).isEqualTo(PhaseState.SKIPPED);
  }

  @Test
  void toldReadyTwiceIsNothing() {
    bring(PhaseState.READY);
    StartupSnapshot once = startup.snapshot();
    logs.clear();

    startup.signal("it").ready();

    assertThat(startup.snapshot()).isEqualTo(once);
    assertThat(logs.from(Level.ALL)).isEmpty();
  }

  @Test
  void aLateFailedIsLoggedAndIgnored() {
    bring(PhaseState.READY);
    time.advance(Duration.ofMillis(1500));
    logs.clear();

    startup.signal("it").failed(boom);

    assertThat(logs.warnings())
        .containsExactly("phase it is READY: told failed, 1.500 s after it was settled; ignored");
  }

  @Test
  void aLateReadyIsLoggedOnceWithHowLate() {
    bring(PhaseState.FAILED);
    time.advance(Duration.ofSeconds(2));
    logs.clear();

    startup.signal("it").ready();
    startup.signal("it").ready();

    assertThat(logs.warnings())
        .containsExactly("phase it is FAILED: told ready, 2.000 s after it was settled; ignored");
  }

  @Test
  void aLateFailedOfWhatHasFailedIsNotWorthALine() {
    bring(PhaseState.CANCELLED);
    logs.clear();

    startup.signal("it").failed(boom);

    assertThat(logs.from(Level.ALL)).isEmpty();
  }

  @Test
  void lostAndRegainedAreLogged() {
    bring(PhaseState.READY);
    logs.clear();

    startup.signal("it").lost(boom);
    startup.signal("it").lost(boom);
    startup.signal("it").ready();
    startup.signal("it").lost(boom);
    startup.signal("it").regained();

    assertThat(logs.from(Level.INFO))
        .containsExactly(
            "phase it lost", "phase it regained", "phase it lost", "phase it regained");
  }
}
