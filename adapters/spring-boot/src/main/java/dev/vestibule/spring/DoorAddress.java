package dev.vestibule.spring;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the door is to be, found before Spring is there to ask: in the arguments, the system
 * properties and the environment, in Spring's own order. It is on the way from the start of the
 * process to its open port, so it uses neither Spring nor lambdas nor formatting.
 */
final class DoorAddress {

  /** Spring Boot's own default. */
  static final int DEFAULT_PORT = 8080;

  private final String[] args;
  private final Map<String, String> environment;
  private final List<String> mistakes = new ArrayList<>();

  DoorAddress(String[] args, Map<String, String> environment) {
    this.args = args;
    this.environment = environment;
  }

  /** What was found wrong, for a person; empty when nothing was. */
  List<String> mistakes() {
    return mistakes;
  }

  InetSocketAddress find(@Nullable Integer port, @Nullable InetAddress address) {
    int at = port == null ? port() : port;
    InetAddress on = address == null ? address() : address;
    return on == null ? new InetSocketAddress(at) : new InetSocketAddress(on, at);
  }

  int number(String key, String variable, int least, int most, int otherwise) {
    String value = value(key, variable);
    if (value == null) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(value.trim());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    mistakes.add(key + ": " + value + " (expected: " + least + ".." + most + ")");
    return otherwise;
  }

  private int port() {
    // PORT is what Cloud Run and its like set; Spring does not know it.
    int fromPlatform = DEFAULT_PORT;
    if (value("server.port", "SERVER_PORT") == null) {
      fromPlatform = number("PORT", "PORT", 0, 65_535, DEFAULT_PORT);
    }
    return number("server.port", "SERVER_PORT", 0, 65_535, fromPlatform);
  }

  private @Nullable InetAddress address() {
    String value = value("server.address", "SERVER_ADDRESS");
    if (value == null) {
      return null;
    }
    try {
      return InetAddress.getByName(value);
    } catch (UnknownHostException e) {
      mistakes.add("server.address: " + value + " (expected: an address of this machine)");
      return null;
    }
  }

  @Nullable String value(String key, String variable) {
    // The first "+" of a process costs some 30 ms, for the classes that make it.
    String prefix = "--".concat(key).concat("=");
    for (String arg : args) {
      if (arg.startsWith(prefix)) {
        return arg.substring(prefix.length());
      }
    }
    String property = System.getProperty(key);
    return property == null || property.isEmpty() ? environment.get(variable) : property;
  }
}
