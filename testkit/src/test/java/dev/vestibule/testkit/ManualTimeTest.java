package dev.vestibule.testkit;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.vestibule.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ManualTimeTest {

  private final ManualTime time = new ManualTime();
  private final long origin = time.read();
  private final List<String> ran = new ArrayList<>();

  private void note(String name) {
    ran.add(name + "@" + (time.read() - origin) / 1_000_000);
  }

  @Test
  void timeStandsUntilItIsMoved() {
    assertThat(time.read()).isEqualTo(origin).isNotZero();
    time.advance(ofMillis(5));
    assertThat(time.read() - origin).isEqualTo(5_000_000);
  }

  @Test
  void tasksRunInTheOrderInWhichTheyAreDueEachAtItsMoment() {
    time.schedule(() -> note("c"), ofMillis(30));
    time.schedule(() -> note("a"), ofMillis(10));
    time.schedule(() -> note("b"), ofMillis(10));
    time.advance(ofMillis(29));
    assertThat(ran).containsExactly("a@10", "b@10");
    time.advance(ofMillis(1));

    assertThat(ran).containsExactly("a@10", "b@10", "c@30");
    assertThat(time.pending()).isZero();
  }

  @Test
  void whatTasksScheduleRunsOnTheWayToo() {
    time.schedule(() -> time.schedule(() -> note("later"), ofMillis(10)), ofMillis(10));
    time.advance(ofMillis(100));

    assertThat(ran).containsExactly("later@20");
    assertThat(time.read() - origin).isEqualTo(100_000_000);
  }

  @Test
  void nothingRunsBeforeTheTimeIsMovedNotEvenWithoutDelay() {
    time.schedule(() -> note("now"), ofMillis(-5));
    assertThat(ran).isEmpty();
    assertThat(time.pending()).isOne();
    time.advance(ZERO);

    assertThat(ran).containsExactly("now@0");
  }

  @Test
  void whatIsCancelledDoesNotRun() {
    Scheduler.Scheduled a = time.schedule(() -> note("a"), ofMillis(10));
    time.schedule(a::cancel, ofMillis(5));
    time.advance(ofMillis(100));
    a.cancel();

    assertThat(ran).isEmpty();
    assertThat(time.pending()).isZero();
  }

  @Test
  void aTaskMayMoveTheTimeFurther() {
    time.schedule(() -> time.advance(ofSeconds(1)), ofMillis(10));
    time.advance(ofMillis(20));

    assertThat(time.read() - origin).isEqualTo(1_010_000_000);
  }

  @Test
  void timeDoesNotGoBack() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> time.advance(ofMillis(-1)))
        .withMessage("advance: PT-0.001S (expected: >= PT0S)");
  }

  @Test
  void manyThreadsMaySchedule() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(4);
    for (int t = 0; t < 4; t++) {
      new Thread(
              () -> {
                for (int i = 0; i < 1000; i++) {
                  time.schedule(() -> note("x"), ofMillis(i)).cancel();
                }
                done.countDown();
              })
          .start();
    }
    done.await();

    assertThat(time.pending()).isZero();
  }
}
