package dev.vestibule;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/**
 * The bound on seats under every interleaving that a model checker finds: overshooting it takes two
 * threads between the same two reads, which chance does not bring about.
 */
class SeatsModelTest {

  @Test
  void neverExceedTheirBound() {
    Lincheck.runConcurrentTest(200, SeatsModelTest::twoForOneSeat);
  }

  private static void twoForOneSeat() {
    Seats seats = new Seats(1, Integer.MAX_VALUE);
    AtomicInteger got = new AtomicInteger();
    List<Thread> threads =
        List.of(
            new Thread(() -> got.addAndGet(seats.take(null) ? 1 : 0)),
            new Thread(() -> got.addAndGet(seats.take(null) ? 1 : 0)));
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    // Plainly: the model checker follows every call that is made here.
    if (got.get() != 1 || seats.taken() != 1) {
      throw new AssertionError(got.get() + " got the one seat, " + seats.taken() + " are taken");
    }
  }
}
