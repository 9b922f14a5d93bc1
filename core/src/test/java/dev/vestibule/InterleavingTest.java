package dev.vestibule;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Single interleavings, brought about on purpose: whatever happens between an arrival's first look
 * at its route and its place in the line happens while it arms its timer.
 */
class InterleavingTest extends GateScene {

  private @Nullable Runnable meanwhile;

  private void between(Runnable event) {
    meanwhile = event;
    gate(g ->
        g.scheduler((task, delay) -> {
          Scheduler.Scheduled timer = time.schedule(task, delay);
          Runnable now = meanwhile;
          meanwhile = null;
          if (now != null) {
            now.run();
            lane.runAll();
          }
          return timer;
        }));
    start();
  }

  @Test
  void itsRouteOpens() {
    between(this::open);
    admit("a");
    lane.runAll();

    assertThat(outcomes).containsExactly("a admitted");
  }

  @Test
  void itsRouteRefuses() {
    between(() -> startup.signal("database").failed(boom));
    admit("a");
    lane.runAll();

    expectErrors("phase database failed", "startup FAILED");
    assertThat(outcomes).containsExactly("a STARTUP_FAILED");
  }

  @Test
  void itsRouteOpensAndCloses() {
    between(() -> {
      open();
      lose();
    });
    admit("a");
    lane.runAll();
    assertThat(outcomes).isEmpty();
    regain();
    lane.runAll();

    assertThat(outcomes).containsExactly("a admitted");
  }

  @Test
  void everyoneIsDrained() {
    between(() -> gate.drain());
    admit("a");
    lane.runAll();

    assertThat(outcomes).containsExactly("a DRAINING");
  }

  @Test
  void itsTimeRunsOut() {
    between(() -> time.advance(ofSeconds(30)));
    admit("a");
    lane.runAll();

    assertThat(outcomes).containsExactly("a BUDGET_SPENT");
  }

  @Test
  void itLeavesWhileItIsPutBack() {
    between(() -> {});
    Waiter[] waiter = new Waiter[1];
    waiter[0] =
        admit(
            "a",
            Arrival.at("/chat").on(lane),
            admitted -> {
              meanwhile = () -> assertThat(waiter[0].leave()).isTrue();
              admitted.failed(boom);
            });
    open();
    lane.runAll();

    assertThat(outcomes).containsExactly("a admitted");
    assertThat(gate.snapshot().left()).isOne();
  }

  @Test
  void itsRouteClosesAndOpensWhileItIsPutBack() {
    between(() -> {});
    boolean[] failed = new boolean[1];
    admit(
        "a",
        Arrival.at("/chat").on(lane),
        admitted -> {
          if (failed[0]) {
            admitted.opened();
            return;
          }
          failed[0] = true;
          meanwhile =
              () -> {
                lose();
                regain();
              };
          admitted.failed(boom);
        });
    open();
    lane.runAll();

    assertThat(outcomes).containsExactly("a admitted", "a admitted");
  }

  @Test
  void oneOutcomeIsDecidedOnce() throws Exception {
    start();
    int rounds = 20_000;
    Waiter[] waiters = new Waiter[rounds];
    gate(g -> g.maxWaiting(rounds));
    logs.close();
    java.util.logging.Logger silent = java.util.logging.Logger.getLogger("dev.vestibule");
    silent.setLevel(java.util.logging.Level.OFF);
    for (int i = 0; i < rounds; i++) {
      waiters[i] = admit("a");
    }
    AtomicInteger left = new AtomicInteger();
    AtomicInteger[] arrived = {new AtomicInteger(), new AtomicInteger()};
    AtomicInteger number = new AtomicInteger();
    together(() -> {
      int me = number.getAndIncrement();
      for (int i = 0; i < rounds; i++) {
        arrived[me].set(i);
        for (int spin = 0; arrived[1 - me].get() < i && spin < 10_000; spin++) {
          Thread.onSpinWait();
        }
        if (waiters[i].leave()) {
          left.incrementAndGet();
        }
      }
    });
    silent.setLevel(null);

    assertThat(left).hasValue(rounds);
    assertThat(gate.snapshot().left()).isEqualTo(rounds);
  }

  /** Two threads do the same at the same time. */
  private static void together(Runnable work) throws InterruptedException {
    CountDownLatch ready = new CountDownLatch(2);
    CountDownLatch done = new CountDownLatch(2);
    for (int i = 0; i < 2; i++) {
      new Thread(
              () -> {
                ready.countDown();
                try {
                  ready.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                work.run();
                done.countDown();
              })
          .start();
    }
    assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
  }
}
