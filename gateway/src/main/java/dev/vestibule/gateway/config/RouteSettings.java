package dev.vestibule.gateway.config;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which paths go to which upstream, and who may wait for it.
 *
 * @param pattern {@code /chat}, {@code /rooms/*} or {@code /chat/**}, as {@code GateBuilder.route}
 *     has it
 * @param upstream name of an upstream
 * @param holds what is held while the upstream is not ready; default {@link Holds#ALL}
 * @param holdAtMost shortens the gateway's own; null: the gateway's
 * @param origins who may upgrade from a page, such as {@code https://chat.example}; compared whole,
 *     but whatever the case; empty: anyone
 */
public record RouteSettings(
    String pattern,
    String upstream,
    Holds holds,
    @Nullable Duration holdAtMost,
    Set<String> origins) {

  /** Copies the set, so that the record is immutable. */
  public RouteSettings {
    origins = Set.copyOf(origins);
  }

  /** What is held. */
  public enum Holds {
    /** Requests of every kind; their bodies are not read meanwhile. */
    ALL,
    /** Upgrades alone; other requests are refused at once. */
    UPGRADES
  }
}
