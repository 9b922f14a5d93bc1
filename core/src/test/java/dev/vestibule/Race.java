package dev.vestibule;

import dev.vestibule.testkit.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A gate with one phase, for many threads at once: what they may do to it, and what must hold when
 * they are through.
 */
final class Race {

  /** Someone who arrives; admissions fail so many times before they are settled as opened. */
  final class Guest {
    final AtomicInteger outcomes = new AtomicInteger();
    final AtomicInteger failures;
    volatile boolean failed;
    volatile boolean left;

    Guest(int failures) {
      this.failures = new AtomicInteger(failures);
    }

    void told(Admission admission) {
      if (admission instanceof Admitted admitted) {
        if (failures.getAndDecrement() > 0) {
          failed = true;
          admitted.failed(boom);
          return;
        }
        admitted.opened();
      }
      outcomes.incrementAndGet();
    }
  }

  /** Runs its tasks one at a time, in order, on whichever thread comes first. */
  static final class Lane implements Executor {
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger undone = new AtomicInteger();

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
      if (undone.getAndIncrement() == 0) {
        do {
          Runnable next = tasks.poll();
          if (next != null) {
            next.run();
          }
        } while (undone.decrementAndGet() > 0);
      }
    }
  }

  private final IOException boom = new IOException("boom");
  private final ManualTime time = new ManualTime();
  private final int seats;
  private final Lane lane = new Lane();
  private final List<Guest> guests = new CopyOnWriteArrayList<>();
  private final Startup startup;
  private final Gate gate;
  private final Pace pace;
  private volatile boolean overshot;

  Race(int seats) {
    this(seats, Pace.allAtOnce());
  }

  Race(int seats, Pace pace) {
    this.seats = seats;
    this.pace = pace;
    startup =
        Startup.define().phase("services", p -> p.signalled()).ticker(time).scheduler(time).build();
    gate =
        Gate.before(startup)
            .route("/chat", r -> r.requires("services"))
            .maxWaiting(seats)
            .pace(pace)
            .ticker(time)
            .scheduler(time)
            .random(new java.util.Random(1))
            .build();
    startup.start();
  }

  Waiter admit() {
    return admit(0);
  }

  Waiter admit(int failures) {
    Guest guest = new Guest(failures);
    guests.add(guest);
    Waiter waiter = gate.admit(Arrival.at("/chat").on(lane), guest::told);
    overshot |= gate.snapshot().waiting() > seats;
    return waiter;
  }

  void admitAndLeave() {
    Guest guest = new Guest(0);
    guests.add(guest);
    guest.left = gate.admit(Arrival.at("/chat").on(lane), guest::told).leave();
  }

  void ready() {
    startup.signal("services").ready();
  }

  void lose() {
    startup.signal("services").lost(boom);
  }

  void drain() {
    gate.drain();
  }

  void letTimeRunOut() {
    time.advance(Duration.ofSeconds(30));
  }

  /** Everything is quiet: says what should not be so. */
  void check() {
    Route route = gate.routeAt("/chat");
    if (route == null || overshot) {
      throw new AssertionError("more than " + seats + " waited");
    }
    // A wait that failed in this opening goes on until another one, so only the others count here.
    long undecided = guests.stream().filter(guest -> undecided(guest)).count();
    long returned = guests.stream().filter(guest -> undecided(guest) && hasFailed(guest)).count();
    if (route.state() != RouteState.HOLD && undecided > returned) {
      throw new AssertionError(undecided + " wait although the route is " + route.state());
    }
    if (gate.snapshot().waiting() != undecided) {
      throw new AssertionError(undecided + " wait on " + gate.snapshot().waiting() + " seats");
    }
    gate.drain();
    for (Guest guest : guests) {
      if (guest.outcomes.get() + (guest.left ? 1 : 0) != 1) {
        throw new AssertionError(guest.outcomes.get() + " outcomes, left: " + guest.left);
      }
    }
    if (gate.snapshot().waiting() != 0 || gate.snapshot().inFlight() != 0) {
      throw new AssertionError(gate.snapshot().toString());
    }
    for (int i = 0; pace instanceof Pace.InFlight bound && i <= bound.most(); i++) {
      if (gate.pacer().take() != i < bound.most()) {
        throw new AssertionError(i + " permits are left of " + bound.most());
      }
    }
    if (time.pending() != 0) {
      throw new AssertionError(time.pending() + " timers are left");
    }
  }

  private static boolean undecided(Guest guest) {
    return guest.outcomes.get() == 0 && !guest.left;
  }

  private static boolean hasFailed(Guest guest) {
    return guest.failed;
  }
}
