package dev.vestibule;

import static dev.vestibule.PhaseState.DOWN;
import static dev.vestibule.PhaseState.READY;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A backend is watched and flaps for ten seconds, while somebody arrives every 3 ms: of each 200 ms
 * it is away for 10, which is one no of the two that count, and for 50, which is enough.
 */
class FlappingHealthTest {

  private static final Duration TIME = ofMillis(120);

  private final Logs logs = Logs.capture();
  private final ManualTime time = new ManualTime();
  private final ManualExecutor lane = new ManualExecutor();
  private boolean well = true;
  private final Startup startup =
      Startup.define()
          .phase(
              "database",
              p ->
                  p.signalled()
                      .health(
                          () -> well,
                          h -> h.every(ofMillis(10)).timeout(ofMillis(5)).downAfter(2).upAfter(3)))
          .ticker(time)
          .scheduler(time)
          .executor(Runnable::run)
          .build();
  private final Gate gate =
      Gate.before(startup)
          .route("/**", r -> r.requires("database"))
          .ticker(time)
          .scheduler(time)
          .build();

  /** What was seen in a callback; what that throws, the gate catches. */
  private record Told(int number, Admission admission, Duration waited, PhaseState phase) {}

  private final List<Told> all = new ArrayList<>();
  private final Map<PhaseState, Integer> turned = new HashMap<>();

  @AfterEach
  void nothingIsLeftBehind() {
    startup.close();
    logs.close();
    assertThat(logs.from(Level.SEVERE)).isEmpty();
    assertThat(gate.snapshot().waiting()).isZero();
    assertThat(time.pending()).isZero();
  }

  private PhaseState phase() {
    return startup.snapshot().phase("database").state();
  }

  private void arrive(int number) {
    long knocked = time.read();
    gate.admit(
        Arrival.at("/chat").on(lane).atMost(TIME),
        admission -> {
          all.add(new Told(number, admission, Duration.ofNanos(time.read() - knocked), phase()));
          if (admission instanceof Admitted admitted) {
            admitted.opened();
          }
        });
  }

  private void count(StartupEvent event) {
    if (event instanceof StartupEvent.PhaseChanged changed) {
      turned.merge(changed.to(), 1, Integer::sum);
    }
  }

  private static boolean isWell(int millis) {
    int of200 = millis % 200;
    return of200 < 50 || (of200 >= 60 && of200 < 110) || of200 >= 160;
  }

  @Test
  void oneNoTurnsNobodyAwayAndTwoHoldThemUntilItIsBack() {
    startup.start();
    startup.signal("database").ready();
    startup.listen(this::count);
    int arrivals = 0;
    for (int millis = 0; millis < 10_000; millis++) {
      well = isWell(millis);
      if (millis % 3 == 0) {
        arrive(arrivals++);
      }
      lane.runAll();
      time.advance(ofMillis(1));
      lane.runAll();
    }
    assertThat(turned).isEqualTo(Map.of(DOWN, 50, READY, 50));
    assertThat(all.stream().map(Told::number).distinct()).hasSize(arrivals);
    assertThat(all)
        .hasSize(arrivals)
        .allSatisfy(told -> {
          assertThat(told.admission).isInstanceOf(Admitted.class);
          assertThat(told.phase).isEqualTo(READY);
          // It is down from the second no, 20 ms after it went, to the third yes, 30 ms after it
          // came.
          assertThat(told.waited).isLessThanOrEqualTo(ofMillis(60));
        });
    assertThat(all).anySatisfy(told -> assertThat(told.waited).isGreaterThan(ofMillis(50)));
  }
}
