package dev.vestibule.spring;

import dev.vestibule.Door;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Checks the configuration as soon as it has been read, before the banner; and tells Spring where
 * the door is, or finds out that the two disagree.
 */
@Order(Ordered.LOWEST_PRECEDENCE)
final class SettingsCheck implements EnvironmentPostProcessor {

  private final @Nullable Door door;

  /** As Spring's factories call it. */
  SettingsCheck(ConfigurableBootstrapContext bootstrap) {
    this.door = bootstrap.isRegistered(Door.class) ? bootstrap.get(Door.class) : null;
  }

  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    List<String> mistakes = new ArrayList<>();
    if (door != null) {
      tellWhere(door, environment, mistakes);
    }
    try {
      Settings.of(environment);
    } catch (ConfigurationMistake e) {
      mistakes.addAll(Mistakes.in(e));
    }
    if (!mistakes.isEmpty()) {
      throw new ConfigurationMistake(mistakes);
    }
  }

  private static void tellWhere(
      Door door, ConfigurableEnvironment environment, List<String> mistakes) {
    String port = environment.getProperty("server.port");
    String at = String.valueOf(door.port());
    // 0 asks for any port, and this is one.
    if (port != null && !port.trim().equals("0") && !port.trim().equals(at)) {
      mistakes.add("server.port: %s (expected: %s, where the door is)".formatted(port, at));
    }
    InetAddress address = door.address().getAddress();
    String named = environment.getProperty("server.address");
    if (named != null && !named.isBlank() && !isSame(named, address)) {
      mistakes.add(
          "server.address: %s (expected: %s, where the door is)"
              .formatted(named, address.getHostAddress()));
    }
    Map<String, Object> where = new LinkedHashMap<>();
    where.put("server.port", at);
    if (!address.isAnyLocalAddress()) {
      where.put("server.address", address.getHostAddress());
    }
    environment.getPropertySources().addFirst(new MapPropertySource("vestibule door", where));
  }

  private static boolean isSame(String named, InetAddress address) {
    try {
      InetAddress other = InetAddress.getByName(named);
      // 0.0.0.0 and :: are the same door.
      return other.equals(address) || (other.isAnyLocalAddress() && address.isAnyLocalAddress());
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
