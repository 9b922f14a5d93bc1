package dev.vestibule.spring;

import static java.lang.System.Logger.Level.INFO;

import dev.vestibule.Estimator;
import dev.vestibule.Gate;
import dev.vestibule.GateListener;
import dev.vestibule.Pace;
import dev.vestibule.PhaseTimeout;
import dev.vestibule.PhaseTimeouts;
import dev.vestibule.ReadinessStrategy;
import dev.vestibule.Scheduler;
import dev.vestibule.Startup;
import dev.vestibule.environment.EffectiveSettings;
import dev.vestibule.environment.Platform;
import dev.vestibule.environment.Presets;
import dev.vestibule.history.History;
import dev.vestibule.jetty.GateHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/**
 * The effective settings: what was configured, and for the rest what fits the platform.
 *
 * @param configured as bound
 * @param presets what fits the environment and the platform
 * @param drainDelay how long arrivals are still let in once /readyz fails
 * @param drainGrace over how long sessions are closed at most
 * @param exitOnFailure whether a required phase's failure ends the process
 * @param effective every key without its prefix, with its value and where that comes from
 */
record Settings(
    VestibuleProperties configured,
    Presets presets,
    Duration drainDelay,
    Duration drainGrace,
    boolean exitOnFailure,
    List<EffectiveSettings.Setting> effective) {

  /** Set by {@link VestibuleApplication} when it may end the process. */
  static final String MAY_EXIT = "vestibule.internal.may-exit";

  private static final System.Logger LOG = System.getLogger("dev.vestibule.spring.Settings");

  /**
   * Binds and checks.
   *
   * @throws ConfigurationMistake naming every mistake
   */
  static Settings of(Environment environment) {
    VestibuleProperties configured = new SettingsBinding(environment).bind();
    Presets presets = new Presets(configured.environment(), LoggingSetup.platform(environment));
    Duration delay = or(configured.drain().delay(), presets.drainDelay());
    Duration grace = or(configured.drain().grace(), presets.grace());
    boolean mayExit = environment.getProperty(MAY_EXIT, Boolean.class, false);
    Boolean exit = configured.exitOnFailure();
    boolean exits = exit == null ? mayExit : exit;

    Listing list = new Listing(new Sources(environment), new ArrayList<>());
    list.add("environment", configured.environment().key(), "default");
    list.addGate(configured, presets);
    if (!configured.origins().isEmpty()) {
      list.add("origins", String.join(", ", configured.origins()), "configured");
    }
    list.add("trusted-hops", configured.trustedHops(), "default");
    list.add("hop-limit", or(configured.hopLimit(), "none"), "default");
    list.add("client-profiles", configured.clientProfiles(), "default");
    list.add("backlog", configured.backlog(), "default");
    list.add("ready.when", name(configured.ready().when()), "default");
    String platform = platform(presets);
    list.add("drain.delay", delay, platform);
    list.add("drain.grace", grace, platform);
    list.add("exit-on-failure", exits, mayExit ? "VestibuleApplication.run" : "default");
    list.addAdmin(configured.admin());
    list.add("history.file", or(configured.history().file(), "none"), "default");
    list.add("history.seed", or(configured.history().seed(), "none"), "default");
    list.addLogging(configured, presets);
    return new Settings(configured, presets, delay, grace, exits, List.copyOf(list.settings()));
  }

  private static String platform(Presets presets) {
    return presets.platform() == Platform.PLAIN ? "default" : presets.platform().title();
  }

  /** Builds the gate that the configuration describes. */
  Gate gateBefore(
      Startup startup, Scheduler scheduler, Estimator estimator, List<GateListener> listeners) {
    var gate =
        Gate.before(startup)
            .holdAtMost(configured.holdAtMost())
            .maxWaiting(configured.maxWaiting())
            .strategy(strategy())
            .pace(pace())
            .scheduler(scheduler)
            .estimator(estimator);
    listeners.forEach(gate::listener);
    Integer perClient = configured.maxWaitingPerClient();
    if (perClient != null) {
      gate.maxWaitingPerClient(perClient);
    }
    for (VestibuleProperties.Route route : configured.routes()) {
      gate.route(
          String.valueOf(route.path()),
          definition -> {
            if (route.requires().isEmpty()) {
              definition.requiresAll();
            } else {
              definition.requires(route.requires().toArray(String[]::new));
            }
            Duration hold = route.holdAtMost();
            if (hold != null) {
              definition.holdAtMost(hold);
            }
          });
    }
    if (configured.routes().isEmpty()) {
      gate.route("/**", route -> route.requiresAll());
    }
    return gate.build();
  }

  /** Builds the handler that the configuration describes, before this gate. */
  GateHandler.Builder handlerBefore(Gate gate) {
    GateHandler.Builder handler =
        GateHandler.before(gate)
            .trustedHops(configured.trustedHops())
            .clientProfiles(configured.clientProfiles());
    Duration hopLimit = configured.hopLimit();
    if (hopLimit != null) {
      handler.hopLimit(hopLimit);
    }
    if (!configured.origins().isEmpty()) {
      handler.origins(Set.copyOf(configured.origins()));
    }
    for (VestibuleProperties.Route route : configured.routes()) {
      if (route.refuse() == VestibuleProperties.Refuse.CLOSE) {
        handler.refuseByClose(String.valueOf(route.path()), Set.copyOf(route.subprotocols()));
      }
    }
    return handler;
  }

  /** Prints what is in force, once; see {@link #listed}. */
  void print(boolean gateIsOurs, @Nullable EffectiveSettings more) {
    EffectiveSettings block = listed(gateIsOurs, more);
    LOG.log(INFO, block::toString);
  }

  /**
   * What is in force.
   *
   * @param gateIsOurs whether the gate is the one described here; an application's own has other
   *     bounds, and to print these would be untrue
   * @param more what the application itself has to say, if anything
   */
  EffectiveSettings listed(boolean gateIsOurs, @Nullable EffectiveSettings more) {
    EffectiveSettings block = new EffectiveSettings("Vestibule's settings:");
    block.add("platform", presets.platform().title(), "recognised");
    Set<String> said =
        more == null
            ? Set.of()
            : more.settings().stream()
                .map(EffectiveSettings.Setting::key)
                .collect(Collectors.toSet());
    effective.stream()
        .filter(it -> gateIsOurs || !isOfTheGate(it.key()))
        // What the application does itself, it knows better.
        .filter(it -> !said.contains(it.key()))
        .forEach(it -> block.add(it.key(), it.value(), it.source()));
    if (more != null) {
      more.settings().forEach(it -> block.add(it.key(), it.value(), it.source()));
    } else if (!gateIsOurs) {
      block.add("gate", "the application's own", "a bean");
    }
    return block;
  }

  private static boolean isOfTheGate(String key) {
    return key.startsWith("hold-")
        || key.startsWith("max-waiting")
        || key.startsWith("routes")
        || key.startsWith("pace")
        || key.startsWith("readiness.");
  }

  /** Reads the history that is configured; without one, what is learned is forgotten. */
  History history() {
    String file = configured.history().file();
    String seed = configured.history().seed();
    History history = file == null ? History.inMemory() : History.open(Path.of(file));
    return seed == null ? history : history.seed(Path.of(seed));
  }

  /** The limits of phases that name none. Spring's own start is never given up. */
  PhaseTimeouts timeouts(History history) {
    return history.timeouts(
        phase -> phase.equals(StartupPhase.APPLICATION) ? null : presets.bounds(phase),
        presets.timeouts());
  }

  /** Prints the limits in force. */
  static void printLimits(Startup startup) {
    EffectiveSettings block = new EffectiveSettings("How long phases may take:");
    for (PhaseTimeout timeout : startup.timeouts()) {
      Object limit = timeout.limit() == null ? "unlimited" : timeout.limit();
      block.add(timeout.phase(), limit, timeout.source());
    }
    LOG.log(INFO, block::toString);
  }

  private Pace pace() {
    Integer perSecond = configured.pace().perSecond();
    Integer inFlight = configured.pace().inFlight();
    if (perSecond != null) {
      return Pace.perSecond(perSecond);
    }
    return inFlight == null ? Pace.allAtOnce() : Pace.inFlight(inFlight);
  }

  private ReadinessStrategy strategy() {
    return switch (configured.readiness().strategy()) {
      case SIGNAL -> ReadinessStrategy.signal();
      case FIXED ->
          ReadinessStrategy.fixed(or(configured.readiness().interval(), presets.waitInterval()));
      case PROGRESSIVE -> ReadinessStrategy.progressive();
    };
  }

  private static <T> T or(@Nullable T one, T other) {
    return one == null ? other : one;
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** The settings in the order in which they are printed, as they are put together. */
  private record Listing(Sources sources, List<EffectiveSettings.Setting> settings) {

    void add(String key, Object value, String otherwise) {
      // A duration as it would be written in a configuration file: 30s, 100ms.
      Object text = value instanceof Duration time ? EffectiveSettings.text(time) : value;
      String source = sources.of("vestibule." + key, otherwise);
      settings.add(new EffectiveSettings.Setting(key, String.valueOf(text), source));
    }

    void addGate(VestibuleProperties configured, Presets presets) {
      add("hold-at-most", configured.holdAtMost(), "default");
      add("max-waiting", configured.maxWaiting(), "default");
      Integer perClient = configured.maxWaitingPerClient();
      add("max-waiting-per-client", perClient == null ? "unlimited" : perClient, "default");
      if (configured.routes().isEmpty()) {
        settings.add(
            new EffectiveSettings.Setting("routes", "/** requires every phase", "default"));
      }
      for (int i = 0; i < configured.routes().size(); i++) {
        VestibuleProperties.Route route = configured.routes().get(i);
        List<String> requires = route.requires();
        String phases = requires.isEmpty() ? "every phase" : String.join(", ", requires);
        add("routes[" + i + "].path", route.path() + " requires " + phases, "default");
        if (route.refuse() == VestibuleProperties.Refuse.CLOSE) {
          List<String> spoken = route.subprotocols();
          String names = spoken.isEmpty() ? "none" : String.join(", ", spoken);
          add("routes[" + i + "].refuse", "close; subprotocols: " + names, "default");
        }
      }
      addPace(configured.pace());
      VestibuleProperties.Readiness readiness = configured.readiness();
      add("readiness.strategy", name(readiness.strategy()), "default");
      if (readiness.strategy() == VestibuleProperties.Strategy.FIXED) {
        add("readiness.interval", or(readiness.interval(), presets.waitInterval()), "default");
      }
    }

    void addAdmin(VestibuleProperties.Admin admin) {
      Integer port = admin.port();
      add("admin.port", port == null ? "off" : port, "default");
      if (port != null) {
        add("admin.address", admin.address().getHostAddress(), "default");
        String hosts = admin.hosts().isEmpty() ? "none" : String.join(", ", admin.hosts());
        add("admin.hosts", hosts, "default");
      }
    }

    private void addPace(VestibuleProperties.Pace pace) {
      if (pace.perSecond() != null) {
        add("pace.per-second", pace.perSecond(), "default");
      } else if (pace.inFlight() != null) {
        add("pace.in-flight", pace.inFlight(), "default");
      } else {
        settings.add(new EffectiveSettings.Setting("pace", "all at once", "default"));
      }
    }

    void addLogging(VestibuleProperties configured, Presets presets) {
      LogFormat named = configured.logging().format();
      LogFormat format = named == null ? LogFormat.of(presets.platform()) : named;
      add("logging.format", format.key(), named == null ? platform(presets) : "default");
    }
  }
}
