package dev.vestibule.spring;

import dev.vestibule.Gate;
import dev.vestibule.Startup;
import dev.vestibule.jetty.GateHandler;
import dev.vestibule.jetty.Screenings;
import java.net.InetAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;

/**
 * Binds {@code vestibule.*} and finds everything that is wrong with it, where Boot's own binding
 * stops at the first. Not safe for use by many threads.
 */
final class SettingsBinding extends AbstractBindHandler {

  // As in a Host header, without the port: RFC 3986 section 3.2.2, without what needs escaping.
  private static final Pattern HOST = Pattern.compile("[\\w.-]+|\\[[0-9a-fA-F:.]+]");

  private final Environment environment;
  private final List<String> mistakes = new ArrayList<>();
  private final Set<ConfigurationPropertyName> unusable = new HashSet<>();
  private final Map<ConfigurationPropertyName, Bindable<?>> known = new HashMap<>();

  SettingsBinding(Environment environment) {
    this.environment = environment;
  }

  /**
   * The bound and checked properties.
   *
   * @throws ConfigurationMistake naming every mistake
   */
  VestibuleProperties bind() {
    Binder binder = Binder.get(environment);
    Bindable<VestibuleProperties> target = Bindable.of(VestibuleProperties.class);
    VestibuleProperties bound = binder.bindOrCreate("vestibule", target, this);
    findUnknownKeys(binder, target);
    check(bound);
    if (!mistakes.isEmpty()) {
      throw new ConfigurationMistake(mistakes);
    }
    return bound;
  }

  @Override
  public <T> @Nullable Bindable<T> onStart(
      ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
    known.put(name, target);
    return target;
  }

  /** Notes what could not be converted, and goes on with the default. */
  @Override
  public @Nullable Object onFailure(
      ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error) {
    unusable.add(name);
    mistakes.add(Mistakes.conversion(name, context.getConfigurationProperty(), target));
    return null;
  }

  /** A second pass, because a failure in the first would hide what the handler knows. */
  private void findUnknownKeys(Binder binder, Bindable<VestibuleProperties> target) {
    try {
      binder.bindOrCreate(
          "vestibule",
          target,
          new NoUnboundElementsBindHandler(
              new AbstractBindHandler() {
                @Override
                public @Nullable Object onFailure(
                    ConfigurationPropertyName name,
                    Bindable<?> failed,
                    BindContext context,
                    Exception error) {
                  return null;
                }
              }));
    } catch (RuntimeException e) {
      UnboundConfigurationPropertiesException unbound =
          Mistakes.find(e, UnboundConfigurationPropertiesException.class);
      if (unbound == null) {
        throw e;
      }
      for (ConfigurationProperty property : unbound.getUnboundProperties()) {
        ConfigurationPropertyName name = property.getName();
        if (!unusable.contains(name) && !name.toString().startsWith("vestibule.internal.")) {
          mistakes.add(unbound(name));
        }
      }
    }
  }

  private String unbound(ConfigurationPropertyName name) {
    for (Map.Entry<ConfigurationPropertyName, Bindable<?>> it : known.entrySet()) {
      if (letters(it.getKey()).equals(letters(name))) {
        // It was converted to nothing.
        String expected = expected(it.getValue().getType().resolve());
        return "%s: nothing (expected: %s)".formatted(it.getKey(), expected);
      }
    }
    // Its value may be a secret: nobody knows what the key stands for.
    return name + ": unknown (expected: a known key)";
  }

  /** A variable's name does not say where in it a hyphen was. */
  private static String letters(ConfigurationPropertyName name) {
    return name.toString().replaceAll("[.-]", "").toLowerCase(Locale.ROOT);
  }

  private void check(VestibuleProperties bound) {
    checkGate(bound);
    String format = LoggingSetup.mistake(bound.logging().format());
    if (format != null) {
      mistakes.add(format);
    }
    expectNotNegative("drain.delay", bound.drain().delay());
    expectNotNegative("drain.grace", bound.drain().grace());
    checkAdmin(bound.admin());
    expectFileName("history.file", bound.history().file());
    expectFileName("history.seed", bound.history().seed());
    for (int i = 0; i < bound.routes().size(); i++) {
      checkRoute("routes[" + i + "].", bound.routes().get(i), bound.origins());
    }
    for (int i = 0; i < bound.origins().size(); i++) {
      checkOrigin("origins[" + i + "]", bound.origins().get(i));
    }
  }

  private void checkGate(VestibuleProperties bound) {
    expectPositive("hold-at-most", bound.holdAtMost());
    expectAtLeast("max-waiting", bound.maxWaiting(), 0);
    expectAtLeast("max-waiting-per-client", bound.maxWaitingPerClient(), 1);
    expectAtLeast("trusted-hops", bound.trustedHops(), 0);
    expectAtLeast("backlog", bound.backlog(), 1);
    checkPace(bound.pace());
    Duration hop = bound.hopLimit();
    if (hop != null && hop.compareTo(Duration.ofSeconds(1)) < 0) {
      add("hop-limit", hop, ">= PT1S");
    }
    Duration interval = bound.readiness().interval();
    if (interval != null && interval.compareTo(Duration.ofMillis(1)) < 0) {
      add("readiness.interval", interval, ">= PT0.001S");
    }
  }

  private void checkAdmin(VestibuleProperties.Admin admin) {
    Integer port = admin.port();
    if (port != null && (port < 0 || port > 65_535)) {
      add("admin.port", port, "0..65535");
    }
    for (String host : admin.hosts()) {
      if (!HOST.matcher(host).matches()) {
        add("admin.hosts", host, "a name or an address alone, such as admin.example");
      }
    }
  }

  private void checkRoute(String key, VestibuleProperties.Route route, List<String> origins) {
    expectPositive(key + "hold-at-most", route.holdAtMost());
    checkPath(key + "path", route.path());
    checkRefusal(key, route, origins);
  }

  private void checkPace(VestibuleProperties.Pace pace) {
    Integer perSecond = pace.perSecond();
    Integer inFlight = pace.inFlight();
    if (perSecond != null && (perSecond < 1 || perSecond > 1_000_000)) {
      add("pace.per-second", perSecond, "1..1000000");
    }
    expectAtLeast("pace.in-flight", inFlight, 1);
    if (perSecond != null && inFlight != null) {
      add("pace.in-flight", inFlight, "not both this and pace.per-second");
    }
  }

  private void checkRefusal(String key, VestibuleProperties.Route route, List<String> origins) {
    if (route.refuse() == VestibuleProperties.Refuse.CLOSE && origins.isEmpty()) {
      add(key + "refuse", "close", "vestibule.origins with it, the pages that may come in");
    }
    for (String subprotocol : route.subprotocols()) {
      if (!GateHandler.isSubprotocol(subprotocol)) {
        add(key + "subprotocols", subprotocol, "names such as chat.v1");
      }
    }
  }

  private void checkOrigin(String key, String origin) {
    try {
      Screenings.origins(Set.of(origin));
    } catch (IllegalArgumentException e) {
      mistakes.add(
          "vestibule." + key + ": " + String.valueOf(e.getMessage()).replaceFirst("^origin: ", ""));
    }
  }

  private void checkPath(String key, @Nullable String path) {
    if (path == null) {
      add(key, "nothing", "a path, such as /chat/**");
      return;
    }
    try {
      // The gate knows what a path may look like.
      Startup any = Startup.define().phase("any", phase -> phase.signalled()).build();
      Gate.before(any).route(path, route -> {}).build();
    } catch (IllegalArgumentException e) {
      mistakes.add("vestibule." + key + ": " + withoutSubject(e));
    }
  }

  private static String withoutSubject(IllegalArgumentException e) {
    return String.valueOf(e.getMessage()).replaceFirst("^gate: route: ", "");
  }

  private void expectFileName(String key, @Nullable String value) {
    try {
      if (value == null || (!value.isBlank() && Path.of(value).getFileName() != null)) {
        return;
      }
    } catch (InvalidPathException e) {
      // The same mistake.
    }
    add(key, value.isBlank() ? "nothing" : value.replace('\0', '?'), "the name of a file");
  }

  private void expectPositive(String key, @Nullable Duration value) {
    if (value != null && (value.isNegative() || value.isZero())) {
      add(key, value, "> PT0S");
    }
  }

  private void expectNotNegative(String key, @Nullable Duration value) {
    if (value != null && value.isNegative()) {
      add(key, value, ">= PT0S");
    }
  }

  private void expectAtLeast(String key, @Nullable Integer value, int least) {
    if (value != null && value < least) {
      add(key, value, ">= " + least);
    }
  }

  private void add(String key, Object value, String expected) {
    mistakes.add("vestibule.%s: %s (expected: %s)".formatted(key, value, expected));
  }

  /** What a value of this type looks like. */
  static String expected(@Nullable Class<?> type) {
    if (type == null) {
      return "another value";
    }
    if (type.isEnum()) {
      Object[] constants = type.getEnumConstants();
      List<String> names =
          Arrays.stream(constants).map(it -> it.toString().toLowerCase(Locale.ROOT)).toList();
      return "one of " + String.join(", ", names);
    }
    if (type == Duration.class) {
      return "a duration, such as 30s or 100ms";
    }
    if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
      return "a whole number";
    }
    if (type == InetAddress.class) {
      return "an address of this machine";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    return "a " + type.getSimpleName();
  }
}
