package dev.vestibule;

import dev.vestibule.testkit.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionResult;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.kotlinx.lincheck.util.ExceptionResult;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jetbrains.lincheck.datastructures.verifier.Verifier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The gate under operations that Lincheck draws, spreads over threads and lets loose together:
 * where {@code GateRaceTest} races the combinations that somebody thought of, this one races those
 * that nobody did. A failure comes with the shortest sequence of operations that shows it.
 *
 * <p>By stress and not by model checking, which follows every read and write and does not get
 * through a whole gate. No operation returns anything, because what an arrival is told depends on
 * who wins and comes by callback. So any order explains the results, and there is no sequential
 * specification to search through: only that no operation throws. What must hold is looked at when
 * all threads are through.
 */
class GateLincheckTest {

  private static final Logger LOGGER = Logger.getLogger("dev.vestibule");

  @BeforeAll
  static void silence() {
    LOGGER.setLevel(Level.OFF);
  }

  @AfterAll
  static void speak() {
    LOGGER.setLevel(null);
  }

  @Test
  void everyoneHasOneOutcomeOrWaits() {
    stress(2, 3).check(Scene.class);
  }

  @Test
  void nobodyWaitsOnceItDrains() {
    stress(3, 2).check(DrainedScene.class);
  }

  private static StressOptions stress(int threads, int operations) {
    return new StressOptions()
        .threads(threads)
        .actorsPerThread(operations)
        .actorsBefore(2)
        .actorsAfter(0)
        .iterations(30)
        .invocationsPerIteration(250)
        .verifier(NothingThrown.class);
  }

  /** Takes any results but exceptions. */
  public static final class NothingThrown implements Verifier {

    /**
     * As Lincheck makes it.
     *
     * @param specification not needed
     */
    public NothingThrown(Class<?> specification) {}

    @Override
    public boolean verifyResults(ExecutionScenario scenario, ExecutionResult results) {
      return results.getThreadsResultsWithClock().stream()
          .flatMap(List::stream)
          .noneMatch(each -> each.getResult() instanceof ExceptionResult);
    }
  }

  /** Someone who arrives. */
  private static final class Guest {
    /** Told and not taken back by a failure, or left before it was told. */
    final AtomicInteger outcomes = new AtomicInteger();

    volatile boolean gone;
    volatile @Nullable Waiter waiter;

    boolean waits() {
      return outcomes.get() == 0 && !gone;
    }
  }

  private record Entry(Guest guest, Admitted admitted) {}

  /** A gate with one phase and two seats, and all that can happen to it but its end. */
  public static class Scene {
    private static final int SEATS = 2;

    private final IOException boom = new IOException("boom");
    private final ManualTime time = new ManualTime();
    private final Race.Lane lane = new Race.Lane();
    private final Queue<Guest> guests = new ConcurrentLinkedQueue<>();
    private final Queue<Guest> leaving = new ConcurrentLinkedQueue<>();
    private final Queue<Entry> unsettled = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean overshot = new AtomicBoolean();
    private final Startup startup;
    final Gate gate;

    /** Nobody is there yet, and the route holds. */
    public Scene() {
      startup =
          Startup.define()
              .phase("services", p -> p.signalled())
              .ticker(time)
              .scheduler(time)
              .build();
      gate =
          Gate.before(startup)
              .route("/chat", r -> r.requires("services"))
              .maxWaiting(SEATS)
              .ticker(time)
              .scheduler(time)
              .random(new java.util.Random(1))
              .build();
      startup.start();
    }

    @Operation
    public void admit() {
      Guest guest = new Guest();
      guests.add(guest);
      guest.waiter = gate.admit(Arrival.at("/chat").on(lane), told -> tell(guest, told));
      leaving.add(guest);
      if (gate.snapshot().waiting() > SEATS) {
        overshot.set(true);
      }
    }

    private void tell(Guest guest, Admission told) {
      guest.outcomes.incrementAndGet();
      if (told instanceof Admitted admitted) {
        unsettled.add(new Entry(guest, admitted));
      }
    }

    @Operation
    public void ready() {
      startup.signal("services").ready();
    }

    @Operation
    public void lose() {
      startup.signal("services").lost(boom);
    }

    @Operation
    public void letTimeRunOut() {
      time.advance(Duration.ofSeconds(30));
    }

    /** Of those who have arrived, one whose turn it is. */
    @Operation
    public void leave() {
      Guest guest = leaving.poll();
      if (guest == null) {
        return;
      }
      guest.gone = true;
      Waiter waiter = guest.waiter;
      if (waiter != null && waiter.leave()) {
        guest.outcomes.incrementAndGet();
      }
    }

    /** Of those who were let in, one finds nothing behind the door. */
    @Operation
    public void fail() {
      Entry entry = unsettled.poll();
      if (entry != null) {
        entry.guest().outcomes.decrementAndGet();
        entry.admitted().failed(boom);
      }
    }

    /** All threads are through. */
    @Validate
    public void check() {
      Route route = gate.routeAt("/chat");
      if (route == null || overshot.get()) {
        throw new AssertionError("more than " + SEATS + " waited");
      }
      Standing standing = route.standing();
      int waiting = 0;
      for (Guest guest : guests) {
        waiting += guest.waits() ? 1 : 0;
        if (guest.waits() && mustNotWait(guest, standing)) {
          throw new AssertionError("one waits although the route is " + standing);
        }
      }
      expect(waiting, gate.snapshot());
      gate.drain();
      for (Entry entry = unsettled.poll(); entry != null; entry = unsettled.poll()) {
        entry.admitted().opened();
      }
      for (Guest guest : guests) {
        int outcomes = guest.outcomes.get();
        // None: let in, gone, and then it failed.
        if (outcomes != 1 && (outcomes != 0 || !guest.gone)) {
          throw new AssertionError(outcomes + " outcomes, gone: " + guest.gone);
        }
      }
      expect(0, gate.snapshot());
      if (gate.snapshot().inFlight() != 0) {
        throw new AssertionError(gate.snapshot().inFlight() + " admissions are not settled");
      }
    }

    /** Those whose admission failed wait for another opening, and only for that. */
    private static boolean mustNotWait(Guest guest, Standing standing) {
      Waiter waiter = guest.waiter;
      return standing.state() != RouteState.HOLD
          && (waiter == null || waiter.mayEnter(standing.generation()));
    }

    private void expect(int waiting, GateSnapshot now) {
      int inLine = now.routes().get(0).waiting();
      if (now.waiting() != waiting || inLine != waiting || time.pending() != waiting) {
        throw new AssertionError(
            "%d wait: %d seats are taken, %d are in line, %d timers are armed"
                .formatted(waiting, now.waiting(), inLine, time.pending()));
      }
    }
  }

  /** The same, and at some moment it drains. */
  public static class DrainedScene extends Scene {
    @Operation(runOnce = true)
    public void drain() {
      gate.drain();
    }
  }
}
