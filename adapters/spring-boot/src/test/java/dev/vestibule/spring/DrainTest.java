package dev.vestibule.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Scheduler;
import dev.vestibule.StartupState;
import dev.vestibule.testkit.ManualTime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

class DrainTest {

  @Test
  void firstTheProbeFailsThenArrivalsAreRefusedThenSessionsEnd() throws Exception {
    ManualTime time = new ManualTime();
    VestibuleApplication application =
        VestibuleApplication.of(WithLifecycle.class).singleton("timers", (Scheduler) time);
    Running running = Running.start(application, "--vestibule.drain.delay=1h");
    int port = running.port();
    running.lastStep.finish();
    ConfigurableApplicationContext context = running.context();
    AtomicBoolean stopped = context.getBean(WithLifecycle.class).stopped;
    Client springs = Client.at(port, "/chat");
    Client jakartas = Client.at(port, "/endpoint");
    assertThat(springs.echo("one")).isEqualTo("one");
    assertThat(jakartas.echo("one")).isEqualTo("one");

    CompletableFuture<Void> closing = CompletableFuture.runAsync(context::close);
    Client.until("the delay", () -> time.pending() == 1);

    assertThat(Client.get(port, "/readyz").statusCode()).isEqualTo(503);
    assertThat(Client.get(port, "/livez").statusCode()).isEqualTo(200);
    Client late = Client.at(port, "/chat");
    assertThat(late.echo("let in for a while yet")).isEqualTo("let in for a while yet");
    assertThat(stopped).isFalse();
    assertThat(springs.closed).isNotDone();

    time.advance(Duration.ofHours(1));

    assertThat(springs.closeCode()).isEqualTo(Drain.SERVICE_RESTART);
    assertThat(jakartas.closeCode()).isEqualTo(Drain.SERVICE_RESTART);
    assertThat(late.closeCode()).isEqualTo(Drain.SERVICE_RESTART);
    closing.get(20, TimeUnit.SECONDS);
    assertThat(stopped).isTrue();
  }

  @Test
  void whoWaitsIsRefusedAndStartupIsClosed() throws Exception {
    dev.vestibule.Startup own =
        dev.vestibule.Startup.define().phase("services", phase -> phase.signalled()).build();
    Running running = Running.start(VestibuleApplication.of(App.class).startup(own));
    running.lastStep.finish();
    ConfigurableApplicationContext context = running.context();
    Client client = Client.at(running.port(), "/chat");
    running.awaitWaiting(1);

    context.close();

    assertThat(client.refusal()).isEqualTo(503);
    assertThat(running.gate().snapshot().refused())
        .containsEntry(dev.vestibule.Reason.DRAINING, 1L);
    assertThat(own.snapshot().state()).isEqualTo(StartupState.CLOSED);
  }

  @Test
  void whoIsRefusedByACloseHearsItBeforeTheServerGoes() throws Exception {
    Running running =
        Running.start(
            App.class,
            "--vestibule.origins=https://chat.example",
            "--vestibule.routes[0].path=/chat",
            "--vestibule.routes[0].refuse=close",
            "--vestibule.routes[0].subprotocols=v1",
            "--vestibule.routes[1].path=/endpoint");
    running.lastStep.awaitReached();
    Client browserLike = Client.at(running.port(), "/chat");
    Client other = Client.at(running.port(), "/endpoint");
    running.awaitWaiting(2);

    running.lastStep.fail();

    assertThat(browserLike.closeReason())
        .matches("STARTUP_FAILED: application; retry after \\d+ s");
    assertThat(browserLike.closeCode()).isEqualTo(1013);
    assertThat(other.refusal()).isEqualTo(503);
    assertThat(running.failure()).hasMessage("the last step failed");
  }

  /** Something of the application's that is stopped in the first of Spring's phases. */
  @Import(App.class)
  static class WithLifecycle {
    final AtomicBoolean stopped = new AtomicBoolean();

    @Bean
    SmartLifecycle listener() {
      return new SmartLifecycle() {
        private volatile boolean running;

        @Override
        public void start() {
          running = true;
        }

        @Override
        public void stop() {
          running = false;
          stopped.set(true);
        }

        @Override
        public boolean isRunning() {
          return running;
        }
      };
    }
  }
}
