package dev.vestibule.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Scheduler;
import dev.vestibule.testkit.ManualTime;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The way back, docs/rollback.md: one setting, tested each way with real clients. The questions of
 * those who poll are asked by a clock that is turned by hand, so they can be counted.
 */
class StrategyTest {

  private static final Logger WAIT = Logger.getLogger("dev.vestibule.wait");

  @Test
  void whoIsWokenNeedsNoClock() throws Exception {
    ManualTime time = new ManualTime();
    try (Waits waits = new Waits();
        Stopping running = new Stopping(start(time, "signal"), time)) {
      Client client = Client.at(running.port(), "/chat");
      running.awaitWaiting(1);
      waits.listen();
      running.finish();
      assertThat(client.echo("in")).isEqualTo("in");
      assertThat(waits.admitted())
          .matches(
              "Signal wait completed successfully: strategy=signal phase=application"
                  + " outcome=admitted elapsed=\\d+\\.\\d{3} s polls=0");
    }
  }

  /** The first question is asked on arrival, three while it is held, and one that is answered. */
  @ParameterizedTest
  @CsvSource({"fixed, 100, Fixed-interval wait", "progressive, 50, Progressive wait"})
  void whoAsksIsLetInByTheNextQuestion(String strategy, long millis, String title)
      throws Exception {
    ManualTime time = new ManualTime();
    Duration interval = Duration.ofMillis(millis);
    try (Waits waits = new Waits();
        Stopping running = new Stopping(start(time, strategy), time)) {
      Client client = Client.at(running.port(), "/chat");
      running.awaitWaiting(1);
      waits.listen();
      for (int i = 0; i < 3; i++) {
        awaitNextQuestion(time);
        time.advance(interval);
      }
      awaitNextQuestion(time);
      running.finish();
      time.advance(interval.minusNanos(1));
      assertThat(client.opened).isNotDone();

      time.advance(Duration.ofNanos(1));

      assertThat(client.echo("in")).isEqualTo("in");
      assertThat(waits.admitted())
          .matches(
              title
                  + " completed successfully: strategy="
                  + strategy
                  + " phase=application outcome=admitted elapsed=\\d+\\.\\d{3} s polls=5");
    }
  }

  private static Running start(ManualTime time, String strategy) throws Exception {
    return Running.start(
        VestibuleApplication.of(App.class).singleton("timers", (Scheduler) time),
        "--vestibule.readiness.strategy=" + strategy);
  }

  /** The waiter's time limit and its next question. */
  private static void awaitNextQuestion(ManualTime time) {
    Client.until("the next question", () -> time.pending() == 2);
  }

  /** Closes while time goes on, which the drain may need. */
  private record Stopping(Running running, ManualTime time) implements AutoCloseable {

    int port() {
      return running.port();
    }

    void awaitWaiting(int count) throws Exception {
      running.awaitWaiting(count);
    }

    /** Returns once the application is ready, and its gate open. */
    void finish() throws Exception {
      running.lastStep.finish();
      running.context();
    }

    @Override
    public void close() {
      CompletableFuture<Void> closing = CompletableFuture.runAsync(running::close);
      Client.until(
          "the end",
          () -> {
            time.advance(Duration.ofMillis(1));
            return closing.isDone();
          });
      closing.join();
    }
  }

  /** The closing lines of waits. */
  private static final class Waits extends Handler implements AutoCloseable {
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final SimpleFormatter formatter = new SimpleFormatter();

    /** Once Spring has set its logging up. */
    void listen() {
      WAIT.addHandler(this);
    }

    String admitted() {
      Client.until("the line of the wait", () -> find() != null);
      return String.valueOf(find());
    }

    private @org.jspecify.annotations.Nullable String find() {
      return lines.stream().filter(it -> it.contains("outcome=admitted")).findAny().orElse(null);
    }

    @Override
    public void publish(LogRecord entry) {
      lines.add(formatter.formatMessage(entry));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      WAIT.removeHandler(this);
    }
  }
}
