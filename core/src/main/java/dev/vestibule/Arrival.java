package dev.vestibule;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A connection that asks to be let in. Immutable; each method returns a changed copy.
 *
 * <p>A lane is an executor that runs its tasks one at a time and in order, such as an event loop.
 * Lanes should be few and live as long as the gate: it keeps a line of waiters for each.
 */
public final class Arrival {

  private final String path;
  private final @Nullable InetAddress client;
  private final @Nullable Executor lane;
  private final @Nullable Long knockedAt;
  private final @Nullable Duration limit;
  private final Bound bound;
  private final int bytes;

  private Arrival(
      String path,
      @Nullable InetAddress client,
      @Nullable Executor lane,
      @Nullable Long knockedAt,
      @Nullable Duration limit,
      Bound bound,
      int bytes) {
    this.path = path;
    this.client = client;
    this.lane = lane;
    this.knockedAt = knockedAt;
    this.limit = limit;
    this.bound = bound;
    this.bytes = bytes;
  }

  /**
   * An arrival at a path.
   *
   * @param path decoded and normalised, as the application behind the gate will see it, without the
   *     query; otherwise a client could choose another route by writing the path differently
   * @return an arrival without client or lane
   */
  public static Arrival at(String path) {
    return new Arrival(
        Objects.requireNonNull(path, "path"), null, null, null, null, Bound.CLIENT, 0);
  }

  /**
   * Who asks.
   *
   * @param client the client's own address, or null where only a proxy's is known, which bounds
   *     nobody; IPv6 clients are told apart by their /64
   * @return a changed copy
   */
  public Arrival from(@Nullable InetAddress client) {
    return new Arrival(path, client, lane, knockedAt, limit, bound, bytes);
  }

  /**
   * Where the callback runs.
   *
   * @param lane runs its tasks one at a time and in order
   * @return a changed copy
   */
  public Arrival on(Executor lane) {
    return new Arrival(
        path, client, Objects.requireNonNull(lane, "lane"), knockedAt, limit, bound, bytes);
  }

  /**
   * When the client knocked, if that was before now: its time runs from then.
   *
   * @param tick a reading of the gate's {@link Ticker}
   * @return a changed copy
   */
  public Arrival knockedAt(long tick) {
    return new Arrival(path, client, lane, tick, limit, bound, bytes);
  }

  /**
   * The most that the client will wait, as it says itself. Shortens the route's own time, never
   * lengthens it.
   *
   * @param limit zero or more
   * @return a changed copy
   * @throws IllegalArgumentException when the limit is negative
   */
  public Arrival atMost(Duration limit) {
    return atMost(limit, Bound.CLIENT);
  }

  /**
   * The most that this arrival can wait, for whatever reason; of several limits the shortest
   * counts. Shortens the route's own time, never lengthens it.
   *
   * @param limit zero or more
   * @param bound where the limit comes from, for the log
   * @return a changed copy
   * @throws IllegalArgumentException when the limit is negative
   */
  public Arrival atMost(Duration limit, Bound bound) {
    if (limit.isNegative()) {
      throw new IllegalArgumentException("atMost: %s (expected: >= PT0S)".formatted(limit));
    }
    Duration shortest = this.limit;
    if (shortest != null && shortest.compareTo(limit) <= 0) {
      return this;
    }
    return new Arrival(path, client, lane, knockedAt, limit, bound, bytes);
  }

  /**
   * What holding this arrival costs in memory, as the adapter counts it: its request, for the most
   * part.
   *
   * @param bytes zero or more
   * @return a changed copy
   * @throws IllegalArgumentException when negative
   */
  public Arrival bytes(int bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes: %d (expected: >= 0)".formatted(bytes));
    }
    return new Arrival(path, client, lane, knockedAt, limit, bound, bytes);
  }

  String path() {
    return path;
  }

  @Nullable InetAddress client() {
    return client;
  }

  Executor lane() {
    if (lane == null) {
      throw new IllegalStateException("arrival at " + path + ": no lane (expected: on(lane))");
    }
    return lane;
  }

  /** When its client knocked; never later than now. */
  long knockedAtOr(long now) {
    return knockedAt == null || knockedAt - now > 0 ? now : knockedAt;
  }

  @Nullable Duration limit() {
    return limit;
  }

  Bound bound() {
    return bound;
  }

  int bytes() {
    return bytes;
  }
}
