package dev.vestibule.chat;

import dev.vestibule.Door;
import dev.vestibule.PhaseState;
import dev.vestibule.chat.phases.Slowdown;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ExitCodeGenerator;

/** The life of a process that serves: its start, what it says on a terminal, its end. */
final class Serving {

  // Spring may be half-way when the process is told to end; it must be up to be taken down.
  private static final Duration HALF_WAY = Duration.ofSeconds(10);

  private final House house;
  private final CountDownLatch decided = new CountDownLatch(1);
  private volatile @Nullable ChatServer server;
  private volatile int failure;

  private Serving(House house) {
    this.house = house;
  }

  static void serve(Settings settings, Door door) {
    boolean terminal = Terminal.console() != null;
    ConsoleLog.install(terminal, settings.surroundings().format());
    boolean link = terminal && settings.address().isLoopbackAddress();
    String user = link ? Welcome.userOfThisMachine() : null;
    Slowdown.Rest rest = terminal ? Thread::sleep : new SlowUntilTold(System.in);
    House house = new House(settings, user, InstantSource.system(), rest);
    if (terminal) {
      Welcome welcome = new Welcome(System.out, house.startup());
      welcome.greet(settings, door.port(), user == null ? null : house.links().issue(user));
      house.startup().listen(welcome::changed);
    } else {
      System.getLogger(Serving.class.getName())
          .log(System.Logger.Level.INFO, "listening at {0}", Welcome.url(settings, door.port()));
    }
    new Serving(house).run(door);
  }

  private void run(Door door) {
    Runtime.getRuntime().addShutdownHook(new Thread(this::end, "chat-end"));
    house.startup().start();
    try {
      ChatServer running = ChatServer.run(house, door, true);
      server = running;
      String adminUrl = running.adminUrl();
      Integer named = house.settings().adminPort();
      if (Terminal.console() != null && adminUrl != null && named != null && named == 0) {
        // One that was named is in the greeting. Where there is no terminal the log tells it.
        System.out.println("  Admin side at " + adminUrl + "\n");
      }
    } catch (RuntimeException | Error e) {
      failure = exitCode(e);
      decided.countDown();
      if (failure == 1) {
        explain(e);
      }
      System.exit(failure);
    } finally {
      decided.countDown();
    }
  }

  /** 2 for a mistake in the configuration, which the starter has named already; else 1. */
  private static int exitCode(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof ExitCodeGenerator named) {
        return named.getExitCode();
      }
    }
    return 1;
  }

  private void explain(Throwable failure) {
    if (startupFailed()) {
      // Startup has named its phase already; what Spring says only follows from that.
      return;
    }
    // Spring has logged the rest.
    System.getLogger(Serving.class.getName())
        .log(System.Logger.Level.ERROR, "the web server could not start: " + failure.getMessage());
  }

  /**
   * The last thing that happens, whoever asked for it: the drain, then the house. A process that
   * was told to end and did so has not failed, so it ends with 0 and not with the JVM's 143.
   */
  private void end() {
    int code = failure == 0 && startupFailed() ? 1 : failure;
    try {
      boolean up = decided.await(HALF_WAY.toMillis(), TimeUnit.MILLISECONDS);
      ChatServer running = server;
      if (up && running != null) {
        running.close();
      } else {
        house.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      Runtime.getRuntime().halt(code);
    }
  }

  private boolean startupFailed() {
    return house.startup().snapshot().phases().stream()
        .anyMatch(phase -> phase.state() == PhaseState.FAILED && !phase.optional());
  }
}
