package dev.vestibule.gateway.admin;

import dev.vestibule.gateway.Passage;
import dev.vestibule.gateway.Passage.Kind;
import dev.vestibule.gateway.Passage.Outcome;
import dev.vestibule.waterfall.Json;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
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
final class PassageCount {

  /** What stands in place of an upstream's name for those whom no route took. */
  static final String NO_UPSTREAM = "-";

  private final Map<String, OfUpstream> upstreams = new LinkedHashMap<>();
  private final OfUpstream none = new OfUpstream();

  /** Begins at zero, for upstreams of these names. */
  PassageCount(Collection<String> upstreams) {
    upstreams.forEach(name -> this.upstreams.put(name, new OfUpstream()));
    this.upstreams.put(NO_UPSTREAM, none);
  }

  /** What concerns one upstream; null: those whom no route took. */
  OfUpstream of(@Nullable String name) {
    return name == null ? none : upstreams.getOrDefault(name, none);
  }

  void forEach(BiConsumer<String, OfUpstream> action) {
    upstreams.forEach(action);
  }

  void ended(Passage passage) {
    of(passage.upstream()).ended(passage);
  }

  /** What concerns one upstream. */
  static final class OfUpstream {

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

    void connectFailed() {
      connectFailures.increment();
    }

    void restarted() {
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

    long connectFailures() {
      return connectFailures.sum();
    }

    long restarts() {
      return restarts.sum();
    }

    /** Of what is over. */
    long bytesIn() {
      return bytesIn.sum();
    }

    /** Of what is over. */
    long bytesOut() {
      return bytesOut.sum();
    }

    long cutMidFrame() {
      return cutMidFrame.sum();
    }

    long passages(Kind kind, Outcome outcome) {
      return counter(kind, outcome).sum();
    }

    /** Adds all of it to an object. */
    Json addTo(Json json) {
      json.field("connectFailures", connectFailures())
          .field("restarts", restarts())
          .field("bytesIn", bytesIn())
          .field("bytesOut", bytesOut())
          .field("cutMidFrame", cutMidFrame());
      for (Kind kind : Kind.values()) {
        Json outcomes = new Json();
        for (Outcome outcome : Outcome.values()) {
          outcomes.field(outcome.name().toLowerCase(Locale.ROOT), passages(kind, outcome));
        }
        json.raw(kind == Kind.UPGRADE ? "upgrades" : "requests", outcomes.toString());
      }
      return json;
    }
  }
}
