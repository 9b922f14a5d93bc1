package dev.vestibule.spring;

import static java.lang.System.Logger.Level.INFO;

import dev.vestibule.Door;
import dev.vestibule.PhaseFailure;
import dev.vestibule.Reason;
import dev.vestibule.Refused;
import dev.vestibule.Startup;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringApplication.AbandonedRunException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** One run of Spring behind a door that is open already. */
final class Launch {

  private static final System.Logger LOG = System.getLogger(Launch.class.getName());

  /** A process that ends flushes its refusals, and takes no longer than this. */
  static final Duration FLUSH = Duration.ofSeconds(1);

  private final Class<?> application;
  private final @Nullable Door door;
  private final @Nullable Startup startup;
  private final Map<String, Object> singletons;
  private final boolean mayExit;
  private final @Nullable EarlyLog early;

  Launch(
      Class<?> application,
      @Nullable Door door,
      @Nullable Startup startup,
      Map<String, Object> singletons,
      boolean mayExit,
      @Nullable EarlyLog early) {
    this.application = application;
    this.door = door;
    this.startup = startup;
    this.singletons = singletons;
    this.mayExit = mayExit;
    this.early = early;
  }

  /** Made here, so that verifying {@link VestibuleApplication} loads nothing of Spring's. */
  static RuntimeException mistake(List<String> mistakes) {
    return new ConfigurationMistake(mistakes);
  }

  ConfigurableApplicationContext run(String... args) {
    Thread hook = new Thread(this::interrupted, "vestibule-shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      SpringApplication spring = new SpringApplication(application);
      Door open = door;
      if (open != null) {
        spring.addBootstrapRegistryInitializer(
            registry -> registry.registerIfAbsent(Door.class, context -> open));
      }
      spring.addInitializers(this::prepare);
      EarlyLog log = early;
      if (log != null) {
        // Spring's logging is there when a context is prepared.
        spring.addInitializers(context -> log.remove());
      }
      return spring.run(args);
    } catch (RuntimeException | Error e) {
      if (!(e instanceof AbandonedRunException)) {
        if (early != null) {
          // Spring has taken its logging down.
          early.install();
        }
        refuse(Reason.STARTUP_FAILED);
      }
      throw e;
    } finally {
      // From here on Spring's own hook closes the context, and with it those who wait.
      forget(hook);
    }
  }

  /**
   * Ends the process for a failure to start.
   *
   * @return what to throw where the process must not end after all
   */
  static RuntimeException exit(Throwable failure) {
    if (failure instanceof AbandonedRunException abandoned) {
      // Something runs main only to see the context that it would make.
      return abandoned;
    }
    List<String> mistakes = Mistakes.in(failure);
    if (failure instanceof ConfigurationMistake early && !early.isReported()) {
      MistakeReporter.print(mistakes);
    }
    System.exit(mistakes.isEmpty() ? 1 : ConfigurationMistake.EXIT_CODE);
    return new IllegalStateException("the process did not end", failure);
  }

  private void prepare(ConfigurableApplicationContext context) {
    var beans = context.getBeanFactory();
    singletons.forEach(beans::registerSingleton);
    if (door != null) {
      beans.registerSingleton("vestibuleDoor", door);
    }
    if (startup != null && !singletons.containsValue(startup)) {
      beans.registerSingleton("startup", startup);
    }
    ConfigurableEnvironment environment = context.getEnvironment();
    environment
        .getPropertySources()
        .addLast(new MapPropertySource("vestibule launch", Map.of(Settings.MAY_EXIT, mayExit)));
  }

  /** SIGTERM while Spring starts: its own hook waits until the context can be closed. */
  private void interrupted() {
    refuse(Reason.DRAINING);
    if (startup != null) {
      // Whoever blocks the start of the context until a phase is ready need not wait any more.
      startup.close();
    }
  }

  private void refuse(Reason reason) {
    if (door != null) {
      refuse(door, reason, failedPhase());
    }
  }

  /** Refuses everyone at a door, unless a server has adopted it. */
  static void refuse(Door door, Reason reason, @Nullable String phase) {
    long seconds = ThreadLocalRandom.current().nextLong(reason == Reason.DRAINING ? 1 : 5, 16);
    Refused refused = new Refused(reason, Duration.ofSeconds(seconds), phase, Duration.ZERO);
    int answered;
    try {
      answered = door.refuse(refused, FLUSH);
    } catch (IllegalStateException e) {
      // A server has adopted the door; the gate refuses those who wait.
      return;
    }
    if (answered > 0) {
      LOG.log(INFO, "refused {0} connections that waited at the door: {1}", answered, reason);
    }
  }

  private @Nullable String failedPhase() {
    return startup == null
        ? null
        : startup.snapshot().failure().map(PhaseFailure::phase).orElse(null);
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // It is running already.
    }
  }
}
