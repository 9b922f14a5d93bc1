package dev.vestibule;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What a gate has done so far. */
final class GateCount {

  private final LongAdder admitted = new LongAdder();
  private final LongAdder inFlight = new LongAdder();
  private final LongAdder returned = new LongAdder();
  private final LongAdder left = new LongAdder();
  private final Map<Reason, LongAdder> refused = new EnumMap<>(Reason.class);

  GateCount() {
    for (Reason reason : Reason.values()) {
      refused.put(reason, new LongAdder());
    }
  }

  void admitted() {
    admitted.increment();
    inFlight.increment();
  }

  void settled() {
    inFlight.decrement();
  }

  void returned() {
    returned.increment();
  }

  void left() {
    left.increment();
  }

  void refused(Reason reason) {
    LongAdder count = refused.get(reason);
    if (count != null) {
      count.increment();
    }
  }

  GateSnapshot snapshot(int waiting, java.util.List<GateSnapshot.RouteSnapshot> routes) {
    Map<Reason, Long> refusals = new EnumMap<>(Reason.class);
    refused.forEach((reason, count) -> refusals.put(reason, count.sum()));
    return new GateSnapshot(
        waiting, inFlight.sum(), admitted.sum(), returned.sum(), left.sum(), refusals, routes);
  }
}
