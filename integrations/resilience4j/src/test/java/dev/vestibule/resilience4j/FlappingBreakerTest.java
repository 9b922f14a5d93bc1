package dev.vestibule.resilience4j;

import static dev.vestibule.PhaseState.DOWN;
import static dev.vestibule.PhaseState.READY;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Admission;
import dev.vestibule.Admitted;
import dev.vestibule.Arrival;
import dev.vestibule.Reason;
import dev.vestibule.Refused;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The backend goes and comes every 50 ms for ten seconds, the application calls it and somebody
 * arrives every 3 ms. The breaker opens for 20, 40 and 80 ms. Each arrival has exactly one outcome,
 * and it is the truth.
 */
class FlappingBreakerTest extends BreakerScene {

  private static final Duration TIME = ofMillis(30);

  private final Map<Integer, Integer> told = new HashMap<>();
  private final Map<String, Integer> counted = new HashMap<>();

  /** What was seen in a callback; what that throws, the gate catches. */
  private record Told(Admission admission, State breaker, Duration waited, boolean inVain) {}

  private final List<Told> all = new ArrayList<>();

  private void arrive(int number) {
    long knocked = time.read();
    Duration away = away();
    boolean inVain = away != null && away.compareTo(TIME) > 0;
    gate.admit(
        Arrival.at("/").on(Runnable::run).atMost(TIME),
        admission -> {
          Duration waited = Duration.ofNanos(time.read() - knocked);
          told.merge(number, 1, Integer::sum);
          all.add(new Told(admission, breaker.getState(), waited, inVain));
          if (admission instanceof Admitted admitted) {
            admitted.opened();
          }
        });
  }

  private void check(Told told) {
    if (told.admission instanceof Refused refused) {
      assertThat(refused.reason()).isEqualTo(Reason.DEPENDENCY_DOWN);
      assertThat(told.waited).isEqualTo(told.inVain ? Duration.ZERO : TIME);
      counted.merge(told.inVain ? "refused at once" : "out of time", 1, Integer::sum);
    } else {
      assertThat(told.breaker).isEqualTo(State.CLOSED);
      assertThat(told.waited).isLessThanOrEqualTo(TIME);
      counted.merge("admitted", 1, Integer::sum);
    }
  }

  @Test
  void eachArrivalHasExactlyOneTruthfulOutcome() {
    breaker(IntervalFunction.ofExponentialBackoff(ofMillis(20), 2, ofMillis(80)), b -> b);
    bind(b -> b.every(ofMillis(2)));
    ready();
    int arrivals = 0;
    for (int millis = 0; millis < 10_000; millis++) {
      well = millis / 50 % 2 == 0;
      call(well);
      if (millis % 3 == 0) {
        arrive(arrivals++);
      }
      assertThat(phase()).isEqualTo(breaker.getState() == State.CLOSED ? READY : DOWN);
      pass(ofMillis(1));
    }
    pass(ofSeconds(1));
    assertThat(told).hasSize(arrivals).allSatisfy((name, times) -> assertThat(times).isOne());
    all.forEach(this::check);
    assertThat(counted).containsOnlyKeys("admitted", "refused at once", "out of time");
  }
}
