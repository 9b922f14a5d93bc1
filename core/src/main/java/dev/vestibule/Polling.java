package dev.vestibule;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A waiter's own questions, for the strategies that ask: where its route stands, again and again.
 * What it finds is decided on the lane.
 */
final class Polling {

  private final Waiter waiter;
  private final Route route;
  private final Executor lane;
  private final ReadinessStrategy.Polls polls;
  private final long most;
  private final AtomicInteger count = new AtomicInteger(1);
  private volatile Scheduler.@Nullable Scheduled next;

  Polling(Waiter waiter, Route route, Executor lane, Duration budget) {
    this.waiter = waiter;
    this.route = route;
    this.lane = lane;
    ReadinessStrategy strategy = route.gate().strategy();
    this.polls = strategy.begin();
    this.most = strategy.mostPolls(budget);
  }

  int count() {
    return count.get();
  }

  void askLater(Standing seen) {
    Duration delay = polls.next(seen.phaseOrNothing());
    next = route.gate().scheduler().schedule(this::askOnLane, delay);
  }

  private void askOnLane() {
    if (!Line.post(lane, this::ask)) {
      waiter.leave();
    }
  }

  private void ask() {
    if (!waiter.isWaiting()) {
      return;
    }
    int asked = count.incrementAndGet();
    Standing now = route.standing();
    if (mayLeave(now)) {
      waiter.decideWithPermit(now);
    } else if (asked >= most) {
      waiter.expire();
    } else {
      askLater(now);
    }
  }

  private boolean mayLeave(Standing now) {
    return switch (now.state()) {
      case HOLD -> false;
      case OPEN -> waiter.mayEnter(now.generation());
      case PACED -> waiter.mayEnter(now.generation()) && route.gate().pacer().take();
      case REFUSE -> true;
    };
  }

  void stop() {
    Scheduler.Scheduled asked = next;
    if (asked != null) {
      asked.cancel();
    }
  }
}
