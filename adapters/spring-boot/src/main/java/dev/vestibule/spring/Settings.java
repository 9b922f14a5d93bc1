package dev.vestibule.spring;

import static java.lang.System.Logger.Level.INFO;

import dev.vestibule.Gate;
import dev.vestibule.GateListener;
import dev.vestibule.ReadinessStrategy;
import dev.vestibule.Startup;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.Environment;

/**
 * The effective settings: what was configured, and for the rest what fits the platform.
 *
 * @param configured as bound
 * @param drainDelay how long arrivals are still let in once /readyz fails
 * @param drainGrace over how long sessions are closed at most
 * @param exitOnFailure whether a required phase's failure ends the process
 * @param effective every key, with its value and where that comes from
 */
record Settings(
    VestibuleProperties configured,
    Duration drainDelay,
    Duration drainGrace,
    boolean exitOnFailure,
    Map<String, String> effective) {

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
    Sources sources = new Sources(environment);
    Map<String, String> effective = new LinkedHashMap<>();

    Duration platformDelay = Duration.ZERO;
    Duration platformGrace = Duration.ofSeconds(30);
    String platform = "default";
    if (environment.containsProperty("K_SERVICE")) {
      platform = "Cloud Run";
      platformGrace = Duration.ofSeconds(10);
    } else if (environment.containsProperty("KUBERNETES_SERVICE_HOST")) {
      platform = "Kubernetes";
      platformDelay = Duration.ofSeconds(5);
    }
    Duration delay = or(configured.drain().delay(), platformDelay);
    Duration grace = or(configured.drain().grace(), platformGrace);
    boolean mayExit = environment.getProperty(MAY_EXIT, Boolean.class, false);
    Boolean exit = configured.exitOnFailure();

    sources.add(effective, "hold-at-most", text(configured.holdAtMost()), "default");
    sources.add(effective, "max-waiting", configured.maxWaiting(), "default");
    Integer perClient = configured.maxWaitingPerClient();
    sources.add(
        effective,
        "max-waiting-per-client",
        perClient == null ? "unlimited" : perClient,
        "default");
    sources.add(effective, "trusted-hops", configured.trustedHops(), "default");
    sources.add(effective, "backlog", configured.backlog(), "default");
    if (configured.routes().isEmpty()) {
      effective.put("routes", "/** requires every phase (default)");
    }
    for (int i = 0; i < configured.routes().size(); i++) {
      String key = "routes[" + i + "].path";
      sources.add(effective, key, text(configured.routes().get(i)), "default");
    }
    sources.add(
        effective, "readiness.strategy", name(configured.readiness().strategy()), "default");
    if (configured.readiness().strategy() == VestibuleProperties.Strategy.FIXED) {
      Duration interval = configured.readiness().interval();
      sources.add(effective, "readiness.interval", text(interval), "default");
    }
    sources.add(effective, "ready.when", name(configured.ready().when()), "default");
    sources.add(effective, "drain.delay", text(delay), platform);
    sources.add(effective, "drain.grace", text(grace), platform);
    VestibuleProperties.Admin admin = configured.admin();
    Integer adminPort = admin.port();
    sources.add(effective, "admin.port", adminPort == null ? "off" : adminPort, "default");
    if (adminPort != null) {
      sources.add(effective, "admin.address", admin.address().getHostAddress(), "default");
      String hosts = admin.hosts().isEmpty() ? "none" : String.join(", ", admin.hosts());
      sources.add(effective, "admin.hosts", hosts, "default");
    }
    boolean exits = exit == null ? mayExit : exit;
    sources.add(
        effective, "exit-on-failure", exits, mayExit ? "VestibuleApplication.run" : "default");
    return new Settings(configured, delay, grace, exits, effective);
  }

  /** Builds the gate that the configuration describes. */
  Gate gateBefore(Startup startup, List<GateListener> listeners) {
    var gate =
        Gate.before(startup)
            .holdAtMost(configured.holdAtMost())
            .maxWaiting(configured.maxWaiting())
            .strategy(strategy());
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

  void print() {
    StringJoiner block = new StringJoiner("\n  ", "Vestibule's settings:\n  ", "");
    effective.forEach((key, value) -> block.add(key + " = " + value));
    LOG.log(INFO, block::toString);
  }

  private ReadinessStrategy strategy() {
    return switch (configured.readiness().strategy()) {
      case SIGNAL -> ReadinessStrategy.signal();
      case FIXED -> ReadinessStrategy.fixed(configured.readiness().interval());
      case PROGRESSIVE -> ReadinessStrategy.progressive();
    };
  }

  private static Duration or(@org.jspecify.annotations.Nullable Duration one, Duration other) {
    return one == null ? other : one;
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(java.util.Locale.ROOT);
  }

  /** As it would be written in a configuration file: 30s, 100ms. */
  private static String text(Duration duration) {
    long millis = duration.toMillis();
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }

  private static String text(VestibuleProperties.Route route) {
    List<String> requires = route.requires();
    return route.path()
        + " requires "
        + (requires.isEmpty() ? "every phase" : String.join(", ", requires));
  }

  /** Where values come from. */
  private record Sources(Iterable<ConfigurationPropertySource> sources) {

    Sources(Environment environment) {
      this(ConfigurationPropertySources.get(environment));
    }

    void add(Map<String, String> effective, String key, Object value, String otherwise) {
      effective.put(key, value + " (" + source("vestibule." + key, otherwise) + ")");
    }

    private String source(String key, String otherwise) {
      ConfigurationPropertyName name = ConfigurationPropertyName.of(key);
      for (ConfigurationPropertySource source : sources) {
        ConfigurationProperty property = source.getConfigurationProperty(name);
        if (property != null) {
          var origin = property.getOrigin();
          return origin == null ? String.valueOf(property.getSource()) : origin.toString();
        }
      }
      return otherwise;
    }
  }
}
