package dev.vestibule.gateway;

import dev.vestibule.gateway.Passage.Kind;
import dev.vestibule.gateway.Passage.Outcome;
import dev.vestibule.waterfall.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway has done so far. Told by event loops: nothing here locks, and nothing is
 * allocated. Safe for use by many threads.
 */
public final class GatewayCount implements PassageListener {

  /** What stands in place of an upstream's name for those whom no route took. */
  public static final String NO_UPSTREAM = "-";

  private final LongAdder connections = new LongAdder();
  private final Map<String, OfUpstream> upstreams = new LinkedHashMap<>();
  private final OfUpstream none = new OfUpstream();

  /**
   * Begins at zero.
   *
   * @param upstreams their names
   */
  public GatewayCount(Collection<String> upstreams) {
    upstreams.forEach(name -> this.upstreams.put(name, new OfUpstream()));
    this.upstreams.put(NO_UPSTREAM, none);
  }

  /** A client has connected. */
  public void connectionOpened() {
    connections.increment();
  }

  /** A client's connection is closed. Once for each that was opened. */
  public void connectionClosed() {
    connections.decrement();
  }

  /**
   * Connections of clients that are open now.
   *
   * @return zero or more; may be off by what happens meanwhile
   */
  public long connections() {
    return connections.sum();
  }

  /**
   * What concerns one upstream. To be asked for once and kept where it is told often.
   *
   * @param name as configured; null for those whom no route took
   * @return always the same for the same name; for a name that is not known, that of null
   */
  public OfUpstream of(@Nullable String name) {
    return name == null ? none : upstreams.getOrDefault(name, none);
  }

  /**
   * Does something for each upstream, and for {@link #NO_UPSTREAM}.
   *
   * @param action told its name and its figures
   */
  public void forEach(BiConsumer<String, OfUpstream> action) {
    upstreams.forEach(action);
  }

  @Override
  public void ended(Passage passage) {
    of(passage.upstream()).ended(passage);
  }

  /**
   * The figures for the admin side.
   *
   * @return one JSON object
   */
  public String toJson() {
    List<Json> each = new ArrayList<>();
    upstreams.forEach((name, of) -> each.add(of.toJson(name)));
    return new Json().field("connections", connections()).field("upstreams", each).toString();
  }

  /** What concerns one upstream. Safe for use by many threads. */
  public static final class OfUpstream {

    private final LongAdder sessions = new LongAdder();
    private final LongAdder connectFailures = new LongAdder();
    private final LongAdder restarts = new LongAdder();
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();
    private final LongAdder cutMidFrame = new LongAdder();
    private final Map<Kind, Map<Outcome, LongAdder>> passages = new EnumMap<>(Kind.class);

    private OfUpstream() {
      for (Kind kind : Kind.values()) {
        Map<Outcome, LongAdder> outcomes = new EnumMap<>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
          outcomes.put(outcome, new LongAdder());
        }
        passages.put(kind, outcomes);
      }
    }

    /** A session has begun: the client was sent its 101. */
    public void sessionOpened() {
      sessions.increment();
    }

    /** A session is over. Once for each that was opened. */
    public void sessionClosed() {
      sessions.decrement();
    }

    /** A connection to it could not be made, or not in time. Each attempt counts. */
    public void connectFailed() {
      connectFailures.increment();
    }

    /** It died, and is started again by the gateway. */
    public void restarted() {
      restarts.increment();
    }

    private void ended(Passage passage) {
      counter(passage.kind(), passage.outcome()).increment();
      bytesIn.add(passage.bytesIn());
      bytesOut.add(passage.bytesOut());
      if (passage.midFrame()) {
        cutMidFrame.increment();
      }
    }

    private LongAdder counter(Kind kind, Outcome outcome) {
      return Objects.requireNonNull(Objects.requireNonNull(passages.get(kind)).get(outcome));
    }

    /**
     * Sessions that are open now.
     *
     * @return zero or more; may be off by what happens meanwhile
     */
    public long sessions() {
      return sessions.sum();
    }

    /**
     * Connections to it that could not be made.
     *
     * @return how many
     */
    public long connectFailures() {
      return connectFailures.sum();
    }

    /**
     * How often it was started again.
     *
     * @return how often
     */
    public long restarts() {
      return restarts.sum();
    }

    /**
     * From clients, after the heads of requests, of what is over.
     *
     * @return bytes
     */
    public long bytesIn() {
      return bytesIn.sum();
    }

    /**
     * To clients, after the heads of answers, of what is over.
     *
     * @return bytes
     */
    public long bytesOut() {
      return bytesOut.sum();
    }

    /**
     * Sessions that were cut within a frame because it was gone.
     *
     * @return how many
     */
    public long cutMidFrame() {
      return cutMidFrame.sum();
    }

    /**
     * Requests and sessions that are over.
     *
     * @param kind of these
     * @param outcome and these
     * @return how many
     */
    public long passages(Kind kind, Outcome outcome) {
      return counter(kind, outcome).sum();
    }

    private Json toJson(String name) {
      Json json =
          new Json()
              .field("name", name)
              .field("sessions", sessions())
              .field("connectFailures", connectFailures())
              .field("restarts", restarts())
              .field("bytesIn", bytesIn())
              .field("bytesOut", bytesOut())
              .field("cutMidFrame", cutMidFrame());
      for (Kind kind : Kind.values()) {
        Json outcomes = new Json();
        for (Outcome outcome : Outcome.values()) {
          outcomes.field(word(outcome), passages(kind, outcome));
        }
        json.raw(kind == Kind.UPGRADE ? "upgrades" : "requests", outcomes.toString());
      }
      return json;
    }

    private static String word(Enum<?> constant) {
      return constant.name().toLowerCase(Locale.ROOT);
    }
  }
}
