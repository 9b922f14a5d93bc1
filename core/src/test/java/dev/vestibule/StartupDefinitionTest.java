package dev.vestibule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a definition may not be, and how it is said. */
class StartupDefinitionTest {

  @Test
  void allMistakesAreToldAtOnce() {
    StartupBuilder startup =
        Startup.define()
            .phase("a", p -> p.signalled().after("b"))
            .phase("b", p -> p.signalled().after("c"))
            .phase("c", p -> p.signalled().after("a", "nowhere"))
            .phase("a", p -> p.signalled())
            .phase(" ", p -> p.signalled())
            .phase("d", p -> p.run(() -> {}).signalled().timeout(Duration.ZERO))
            .phase("e", p -> p.signalled().retries(1, Duration.ofSeconds(-1)))
            .phase("f", p -> p.signalled().strategy(ReadinessStrategy.signal()));

    assertThatIllegalArgumentException()
        .isThrownBy(startup::build)
        .withMessage(
            "startup: phase: a (expected: defined once);"
                + " phase: ' ' (expected: a name);"
                + " phase d.timeout: PT0S (expected: > PT0S, <= PT8760H);"
                + " phase d.kind: 2 kinds (expected: exactly one of run, signalled, probed);"
                + " phase e.retries.delay: PT-1S (expected: >= PT0S, <= PT8760H);"
                + " phase e.retries: 1 (expected: only on a phase with run);"
                + " phase f.strategy: signal"
                + " (expected: fixed or progressive, on a phase with probed);"
                + " phase c.after: nowhere (expected: one of [a, b, c,  , d, e, f]);"
                + " after: a -> b -> c -> a (expected: no cycle)");
  }

  @Test
  void aPhaseMayNotComeAfterItself() {
    StartupBuilder startup = Startup.define().phase("a", p -> p.signalled().after("a"));

    assertThatIllegalArgumentException()
        .isThrownBy(startup::build)
        .withMessage("startup: after: a -> a (expected: no cycle)");
  }

  @Test
  void twoCyclesAreTwoMistakes() {
    StartupBuilder startup =
        Startup.define()
            .phase("a", p -> p.signalled().after("b"))
            .phase("b", p -> p.signalled().after("a"))
            .phase("x", p -> p.signalled().after("a", "y"))
            .phase("y", p -> p.signalled().after("x"));

    assertThatIllegalArgumentException()
        .isThrownBy(startup::build)
        .withMessageContainingAll("a -> b -> a", "x -> y -> x");
  }

  @Test
  void noPhasesAreAMistake() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Startup.define().build())
        .withMessage("startup: phases: none (expected: at least one)");
  }

  @Test
  void negativeRetriesAndEndlessTimesAreMistakes() {
    StartupBuilder startup =
        Startup.define()
            .phase(
                "a",
                p -> p.run(() -> {}).retries(-1, Duration.ZERO).timeout(Duration.ofDays(100_000)));

    assertThatIllegalArgumentException()
        .isThrownBy(startup::build)
        .withMessageContainingAll(
            "phase a.retries: -1 (expected: >= 0)", "phase a.timeout: PT2400000H");
  }

  @Test
  void aPhaseThatIsNotThereIsNamedWithThoseThatAre() throws Exception {
    Startup startup = Startup.define().phase("a", p -> p.signalled()).build();
    String message = "phase: b (expected: one of [a])";

    assertThatIllegalArgumentException().isThrownBy(() -> startup.signal("b")).withMessage(message);
    assertThatIllegalArgumentException().isThrownBy(() -> startup.await("b")).withMessage(message);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> startup.snapshot().phase("b"))
        .withMessage(message);
  }

  @Test
  void onlyASignalledPhaseMayBeTold() {
    Startup startup =
        Startup.define()
            .phase("task", p -> p.run(() -> {}))
            .phase("probe", p -> p.probed(() -> true))
            .build();

    assertThatIllegalStateException()
        .isThrownBy(() -> startup.signal("task").ready())
        .withMessage("phase task: told ready (expected: a signalled phase; its task decides)");
    assertThatIllegalStateException()
        .isThrownBy(() -> startup.signal("probe").failed(new IOException()))
        .withMessage("phase probe: told failed (expected: a signalled phase; its probe decides)");
  }

  @Test
  void afterMayBeSaidSeveralTimesAndTheSameNameTwice() {
    Startup startup =
        Startup.define()
            .phase("a", p -> p.signalled())
            .phase("b", p -> p.signalled())
            .phase("c", p -> p.signalled().after("a").after("b", "a"))
            .build();

    assertThat(startup.snapshot().phase("c").after()).containsExactly("a", "b");
  }
}
