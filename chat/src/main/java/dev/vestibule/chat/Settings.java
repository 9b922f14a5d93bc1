package dev.vestibule.chat;

import dev.vestibule.chat.model.ModelSettings;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for on the command line, checked. Immutable.
 *
 * @param port where to listen, 0 to 65535; 0 takes any free one
 * @param address where to listen
 * @param data the directory that everything is kept in
 * @param slow how long phases take at least
 * @param origins further origins that the page is served from
 * @param surroundings where it runs, and what follows from that
 * @param historySeed what past starts took, from elsewhere; null when there is nothing
 * @param model the model that answers; null when the built-in guide does
 * @param adminPort where the admin side listens on loopback, 0 to 65535; 0 takes any free one;
 *     null: there is none
 */
public record Settings(
    int port,
    InetAddress address,
    Path data,
    Map<String, Duration> slow,
    Set<String> origins,
    Surroundings surroundings,
    @Nullable Path historySeed,
    @Nullable ModelSettings model,
    @Nullable Integer adminPort) {

  /** The port when none is named. */
  public static final int DEFAULT_PORT = 8080;

  /** The address when none is named. */
  public static final String DEFAULT_ADDRESS = "127.0.0.1";

  /** Copies the collections, so that the record is immutable. */
  public Settings {
    slow = Map.copyOf(slow);
    origins = Set.copyOf(origins);
  }

  /**
   * Settings of a process that was told nothing about where it runs, without a model.
   *
   * @param port where to listen, 0 to 65535; 0 takes any free one
   * @param address where to listen
   * @param data the directory that everything is kept in
   * @param slow how long phases take at least
   * @param origins further origins that the page is served from
   */
  public Settings(
      int port, InetAddress address, Path data, Map<String, Duration> slow, Set<String> origins) {
    this(port, address, data, slow, origins, Surroundings.DEFAULT, null, null, null);
  }

  /**
   * Where what starts took is kept.
   *
   * @return a file in {@link #data}
   */
  public Path historyFile() {
    return data.resolve("history");
  }

  /**
   * How long a phase takes at least.
   *
   * @param phase its name
   * @return zero unless it was to be slowed
   */
  public Duration slow(String phase) {
    return slow.getOrDefault(phase, Duration.ZERO);
  }
}
