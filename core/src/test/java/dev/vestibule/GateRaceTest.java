package dev.vestibule;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Threads that arrive, open, close, leave, drain and let time run out at the same moment, many
 * times over. Each waiter gets exactly one outcome, none is forgotten, and every seat comes back.
 */
class GateRaceTest {

  private static final int ROUNDS = 2_000;

  /** On a machine that is busy with other things, fewer rounds must do. */
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final Logger LOGGER = Logger.getLogger("dev.vestibule");
  private static final ExecutorService THREADS = Executors.newCachedThreadPool();

  @BeforeAll
  static void silence() {
    LOGGER.setLevel(Level.OFF);
  }

  @AfterAll
  static void speak() {
    LOGGER.setLevel(null);
    THREADS.shutdownNow();
  }

  /** Lets the racers loose together, again and again, each time on a race of its own. */
  @SafeVarargs
  private static void race(int seats, Consumer<Race> before, Consumer<Race>... racers)
      throws Exception {
    race(() -> new Race(seats), before, racers);
  }

  @SafeVarargs
  private static void race(Supplier<Race> course, Consumer<Race> before, Consumer<Race>... racers)
      throws Exception {
    long began = System.nanoTime();
    for (int round = 0; round < ROUNDS && System.nanoTime() - began < MOST_NANOS; round++) {
      Race race = course.get();
      before.accept(race);
      AtomicInteger missing = new AtomicInteger(racers.length);
      List<Future<?>> running = new ArrayList<>();
      for (int i = racers.length - 1; i >= 0; i--) {
        Consumer<Race> racer = racers[i];
        // Another handicap in each round, so that the racers meet at different places.
        int handicap = (round * (i + 1) * 7) % 400;
        if (i == 0) {
          run(race, racer, missing, handicap);
        } else {
          running.add(THREADS.submit(() -> run(race, racer, missing, handicap)));
        }
      }
      for (Future<?> each : running) {
        each.get(20, TimeUnit.SECONDS);
      }
      race.check();
    }
  }

  // Spinning without yielding, racers keep each other from the start line on a small machine.
  @SuppressWarnings("ThreadPriorityCheck")
  private static void run(Race race, Consumer<Race> racer, AtomicInteger missing, int handicap) {
    missing.decrementAndGet();
    while (missing.get() > 0) {
      Thread.yield();
    }
    for (int i = 0; i < handicap; i++) {
      Thread.onSpinWait();
    }
    racer.accept(race);
  }

  private static void nothing(Race race) {}

  @Test
  void arrivingWhileItOpens() throws Exception {
    race(10, GateRaceTest::nothing, Race::admit, Race::ready);
  }

  @Test
  void arrivingWhileItDrains() throws Exception {
    race(10, GateRaceTest::nothing, Race::admit, Race::drain);
  }

  @Test
  void arrivingWhileItOpensAndCloses() throws Exception {
    race(
        10,
        GateRaceTest::nothing,
        race -> {
          race.admit();
          race.admit();
        },
        race -> {
          race.ready();
          race.lose();
          race.ready();
        });
  }

  @Test
  void leavingWhileItOpens() throws Exception {
    race(
        10,
        Race::admit,
        race -> {
          race.admitAndLeave();
          race.admitAndLeave();
        },
        Race::ready);
  }

  @Test
  void timeRunningOutWhileItOpens() throws Exception {
    race(
        10,
        race -> {
          race.admit();
          race.admit();
        },
        Race::letTimeRunOut,
        Race::ready);
  }

  @Test
  void failingWhileItClosesAndOpensAgain() throws Exception {
    race(
        10,
        race -> race.admit(1),
        race -> {
          race.admit(1);
          race.admit(2);
        },
        race -> {
          race.ready();
          race.lose();
          race.ready();
        });
  }

  @Test
  void everythingAtOnce() throws Exception {
    race(
        3,
        race -> race.admit(1),
        race -> {
          race.admit();
          race.admit(1);
        },
        race -> {
          race.admitAndLeave();
          race.admit();
        },
        race -> {
          race.ready();
          race.lose();
          race.ready();
        },
        Race::letTimeRunOut);
  }

  @Test
  void permitsAreNeverLost() throws Exception {
    race(
        () -> new Race(10, Pace.inFlight(2)),
        race -> {
          race.admit();
          race.admit(1);
          race.admit();
        },
        race -> {
          race.admitAndLeave();
          race.admit();
        },
        race -> {
          race.ready();
          race.lose();
          race.ready();
        },
        Race::letTimeRunOut);
  }

  @Test
  void nobodyIsForgottenWhileThePaceEnds() throws Exception {
    race(
        () -> new Race(10, Pace.inFlight(1)),
        Race::admit,
        race -> {
          race.admit();
          race.admit();
        },
        Race::ready);
  }

  @Test
  void neverMoreThanThereAreSeats() throws Exception {
    race(
        1,
        GateRaceTest::nothing,
        race -> {
          race.admit();
          race.admitAndLeave();
        },
        race -> {
          race.admitAndLeave();
          race.admit();
        });
  }
}
