package dev.vestibule.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/**
 * Counts sessions: those that are open, and those that closed, by code. A server does not tell with
 * which code a session closed; the application's endpoint is told, and passes it on.
 *
 * <p>Safe for use by many threads.
 */
public final class SessionMetrics {

  // Those that a healthy or a sick server is known by exist from the beginning.
  private static final int[] EXPECTED = {1000, 1001, 1005, 1006, 1008, 1009, 1011, 1012, 1013};
  private static final int FIRST = 1000;
  // The last one in the IANA registry of WebSocket close codes that is not for libraries.
  private static final int LAST = 1015;

  private final MeterRegistry registry;
  private final Tags tags;
  private final Map<String, Counter> closes = new ConcurrentHashMap<>();

  private SessionMetrics(MeterRegistry registry, IntSupplier open, Iterable<Tag> tags) {
    this.registry = registry;
    this.tags = Tags.of(tags);
    Gauge.builder("vestibule.sessions", open, IntSupplier::getAsInt)
        .description("WebSocket sessions that are open")
        .tags(this.tags)
        .strongReference(true)
        .register(registry);
    for (int code : EXPECTED) {
      closes.put(name(code), counter(name(code)));
    }
  }

  /**
   * Makes the meters, without further tags.
   *
   * @param registry told from now on
   * @param open how many sessions are open now; asked when the registry is read
   * @return to be told of closes
   */
  public static SessionMetrics bind(MeterRegistry registry, IntSupplier open) {
    return bind(registry, open, Tags.empty());
  }

  /**
   * Makes the meters.
   *
   * @param registry told from now on
   * @param open how many sessions are open now; asked when the registry is read
   * @param tags on every meter
   * @return to be told of closes
   */
  public static SessionMetrics bind(MeterRegistry registry, IntSupplier open, Iterable<Tag> tags) {
    return new SessionMetrics(registry, open, tags);
  }

  /**
   * A session has closed.
   *
   * @param code as the endpoint was told, RFC 6455 section 7.4. Clients choose codes too, so those
   *     that are not in the registry of codes are counted together: {@code 3xxx} for libraries,
   *     {@code 4xxx} for applications, and {@code other}.
   */
  public void closed(int code) {
    closes.computeIfAbsent(name(code), this::counter).increment();
  }

  private static String name(int code) {
    if (code >= FIRST && code <= LAST) {
      return Integer.toString(code);
    }
    return switch (code / 1000) {
      case 3 -> "3xxx";
      case 4 -> "4xxx";
      default -> "other";
    };
  }

  private Counter counter(String code) {
    return Counter.builder("vestibule.closes")
        .description("WebSocket sessions that closed")
        .tags(tags.and("code", code))
        .register(registry);
  }
}
