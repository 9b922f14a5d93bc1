package dev.vestibule;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a route needs goes and comes every 50 ms for ten seconds, and somebody arrives every 3 ms.
 * Each has exactly one outcome, and it is the truth: let in while the route is open, or out of
 * time, after its time.
 */
class FlappingTest extends GateScene {

  private static final Duration TIME = ofMillis(120);

  private final Map<String, Integer> told = new HashMap<>();
  private final Map<Reason, Integer> reasons = new HashMap<>();
  private boolean up;

  /** What was seen in a callback; what that throws, the gate catches. */
  private record Told(Admission admission, Duration waited, boolean up) {}

  private final List<Told> all = new ArrayList<>();

  private void arrive(String name) {
    long knocked = time.read();
    gate.admit(
        Arrival.at("/chat").on(lane).atMost(TIME),
        admission -> {
          Duration waited = Duration.ofNanos(time.read() - knocked);
          told.merge(name, 1, Integer::sum);
          all.add(new Told(admission, waited, up));
          if (admission instanceof Admitted admitted) {
            admitted.opened();
          }
        });
  }

  private void check(Told told) {
    if (told.admission instanceof Refused refused) {
      reasons.merge(refused.reason(), 1, Integer::sum);
      assertThat(told.waited).isEqualTo(TIME);
    } else {
      assertThat(told.up).isTrue();
      assertThat(told.waited).isLessThanOrEqualTo(TIME);
    }
  }

  private int flap() {
    int arrivals = 0;
    for (int millis = 0; millis < 10_000; millis++) {
      if (millis % 50 == 0) {
        up = !up;
        if (up) {
          regain();
        } else {
          lose();
        }
      }
      if (millis % 3 == 0) {
        arrive("arrival " + arrivals++);
      }
      pass();
    }
    return arrivals;
  }

  private void pass() {
    lane.runAll();
    time.advance(ofMillis(1));
    lane.runAll();
  }

  /** Nobody comes any more, and everybody's time runs out. */
  private void rest() {
    for (Duration left = TIME; !left.isNegative(); left = left.minusMillis(1)) {
      pass();
    }
  }

  static Stream<Pace> paces() {
    return Stream.of(Pace.allAtOnce(), Pace.perSecond(100), Pace.inFlight(1));
  }

  @ParameterizedTest
  @MethodSource("paces")
  void eachArrivalHasExactlyOneTruthfulOutcome(Pace pace) {
    gate(g -> g.pace(pace));
    start();
    open();
    up = true;
    int arrivals = flap();
    rest();
    all.forEach(this::check);
    assertThat(told).hasSize(arrivals).allSatisfy((name, times) -> assertThat(times).isEqualTo(1));
    if (pace instanceof Pace.PerSecond) {
      assertThat(reasons).containsOnlyKeys(Reason.BUSY, Reason.DEPENDENCY_DOWN);
    } else {
      assertThat(reasons).isEmpty();
    }
  }

  @Test
  void whoComesWhileItIsAwayForGoodHearsWhatIsAway() {
    start();
    open();
    lose();
    arrive("late");
    time.advance(TIME);
    lane.runAll();
    all.forEach(this::check);
    assertThat(reasons).containsOnlyKeys(Reason.DEPENDENCY_DOWN);
  }
}
