package dev.vestibule.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Bound;
import dev.vestibule.Gate;
import dev.vestibule.GateSnapshot;
import dev.vestibule.PhaseSnapshot;
import dev.vestibule.Startup;
import dev.vestibule.StartupState;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** What waits, for what, and how it is let in: a real server, real clients. */
class HoldingTest {

  @ParameterizedTest
  @ValueSource(strings = {"/chat", "/endpoint"})
  void withNothingConfiguredASocketWaitsUntilTheApplicationIsReady(String path) throws Exception {
    try (Running running = Running.start(App.class)) {
      Client client = Client.at(running.port(), path);
      running.lastStep.awaitReached();
      running.awaitWaiting(1);
      assertThat(client.opened).isNotDone();

      running.lastStep.finish();

      assertThat(client.echo("hello")).isEqualTo("hello");
      assertThat(running.gate().snapshot().admitted()).isEqualTo(1);
    }
  }

  @Test
  void aBeanAddsAPhaseThatRunsWhileSpringStarts() throws Exception {
    Tables.CREATED = new CountDownLatch(1);
    try (Running running = Running.start(WithTables.class)) {
      Client client = Client.at(running.port(), "/chat");
      running.lastStep.awaitReached();
      running.lastStep.finish();
      Startup startup = running.startup();
      assertThat(startup.snapshot().phases())
          .extracting(PhaseSnapshot::name)
          .containsExactly("application", "tables");
      Client.until(
          "application", () -> startup.snapshot().phase("application").state().isSettled());
      running.awaitWaiting(1);
      assertThat(client.opened).isNotDone();

      Tables.CREATED.countDown();

      assertThat(client.echo("in")).isEqualTo("in");
      assertThat(startup.snapshot().state()).isEqualTo(StartupState.COMPLETE);
    }
  }

  @Test
  void routesSayWhatWaitsForWhat() throws Exception {
    Tables.CREATED = new CountDownLatch(1);
    try (Running running =
        Running.start(
            WithTables.class,
            "--vestibule.routes[0].path=/chat/**",
            "--vestibule.routes[0].requires=tables",
            "--vestibule.routes[0].hold-at-most=20s",
            "--vestibule.routes[1].path=/endpoint")) {
      running.lastStep.awaitReached();
      assertThat(Client.at(running.port(), "/other").echo("ungated")).isEqualTo("ungated");

      Client chat = Client.at(running.port(), "/chat");
      Client endpoint = Client.at(running.port(), "/endpoint");
      running.awaitWaiting(2);
      Tables.CREATED.countDown();
      assertThat(chat.echo("tables are there")).isEqualTo("tables are there");
      assertThat(endpoint.opened).isNotDone();

      running.lastStep.finish();
      assertThat(endpoint.echo("all is")).isEqualTo("all is");
      assertThat(running.gate().snapshot().routes())
          .extracting(GateSnapshot.RouteSnapshot::pattern)
          .containsExactly("/chat/**", "/endpoint");
    }
  }

  @Test
  void limitsAndPaceComeFromTheConfiguration() throws Exception {
    try (Running running =
        Running.start(App.class, "--vestibule.hop-limit=20s", "--vestibule.pace.in-flight=1")) {
      Client one = Client.at(running.port(), "/chat");
      Client other = Client.at(running.port(), "/chat");
      running.lastStep.awaitReached();
      Gate gate = running.gate();
      Client.until("both in line", () -> gate.waiters(2).size() == 2);
      assertThat(gate.waiters(2))
          .allSatisfy(waiter -> {
            assertThat(waiter.bound()).isEqualTo(Bound.HOP);
            assertThat(waiter.waited().plus(waiter.left())).isEqualTo(Duration.ofMillis(19_500));
          });

      running.lastStep.finish();

      assertThat(one.echo("one")).isEqualTo("one");
      assertThat(other.echo("other")).isEqualTo("other");
    }
  }

  @Test
  void theApplicationsOwnStartupIsTaken() throws Exception {
    Startup own = Startup.define().phase("services", phase -> phase.signalled()).build();
    try (Running running = Running.start(VestibuleApplication.of(App.class).startup(own))) {
      Client client = Client.at(running.port(), "/chat");
      running.lastStep.finish();
      running.context();
      running.awaitWaiting(1);
      assertThat(running.startup()).isSameAs(own);

      own.signal("services").ready();

      assertThat(client.echo("in")).isEqualTo("in");
    }
    assertThat(own.snapshot().state()).isEqualTo(StartupState.CLOSED);
  }

  /** Something slow that Spring does not wait for. */
  static final class Tables {
    static volatile CountDownLatch CREATED = new CountDownLatch(1);

    private Tables() {}
  }

  @Import(App.class)
  static class WithTables {
    @Bean
    StartupPhase tables() {
      return new StartupPhase("tables", phase -> phase.run(() -> Tables.CREATED.await()));
    }
  }
}
