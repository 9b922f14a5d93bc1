package dev.vestibule.spring;

import dev.vestibule.Gate;
import dev.vestibule.GateSnapshot.RouteSnapshot;
import dev.vestibule.RouteState;
import dev.vestibule.Startup;
import dev.vestibule.StartupSnapshot;
import java.util.List;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.AvailabilityState;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * What the probes are told, in step with Spring's availability both ways: the application can say
 * through Spring that it refuses traffic or is broken, and Spring hears when the gate is not open.
 * Safe for use by many threads.
 *
 * <p>It has the last word on an event of Spring's, so that an {@code ACCEPTING_TRAFFIC} that comes
 * before the gate is open does not stand.
 */
final class Availability implements ApplicationListener<AvailabilityChangeEvent<?>>, Ordered {

  private final Startup startup;
  private final Gate gate;
  private final VestibuleProperties.When when;
  private final ApplicationEventPublisher events;
  private volatile boolean draining;
  private volatile boolean applicationRefuses;
  private volatile boolean broken;
  // Guarded by this.
  private boolean springSaysReady;

  Availability(
      Startup startup, Gate gate, VestibuleProperties.When when, ApplicationEventPublisher events) {
    this.startup = startup;
    this.gate = gate;
    this.when = when;
    this.events = events;
  }

  boolean isLive() {
    return !broken;
  }

  boolean isReady() {
    return !draining && !applicationRefuses && isGateReady();
  }

  boolean isStarted() {
    return startup().state().isComplete();
  }

  StartupSnapshot startup() {
    return startup.snapshot();
  }

  List<RouteSnapshot> routes() {
    return gate.snapshot().routes();
  }

  /** From now on the platform is told to send traffic elsewhere. */
  void drain() {
    draining = true;
    follow();
  }

  /** Tells Spring when the gate opened or closed since Spring last heard. */
  void follow() {
    boolean ready = !draining && isGateReady();
    synchronized (this) {
      if (springSaysReady == ready || (ready && applicationRefuses)) {
        return;
      }
      springSaysReady = ready;
    }
    ReadinessState state =
        ready ? ReadinessState.ACCEPTING_TRAFFIC : ReadinessState.REFUSING_TRAFFIC;
    events.publishEvent(new AvailabilityChangeEvent<>(this, state));
  }

  @Override
  public void onApplicationEvent(AvailabilityChangeEvent<?> event) {
    if (event.getSource() == this) {
      return;
    }
    AvailabilityState state = event.getState();
    if (state instanceof LivenessState) {
      broken = state == LivenessState.BROKEN;
    } else if (state instanceof ReadinessState) {
      applicationRefuses = state == ReadinessState.REFUSING_TRAFFIC;
      synchronized (this) {
        springSaysReady = !applicationRefuses;
      }
      follow();
    }
  }

  @Override
  public int getOrder() {
    return LOWEST_PRECEDENCE;
  }

  private boolean isGateReady() {
    for (RouteSnapshot route : gate.snapshot().routes()) {
      boolean right =
          when == VestibuleProperties.When.OPEN
              ? route.state() == RouteState.OPEN
              : route.state() != RouteState.REFUSE;
      if (!right) {
        return false;
      }
    }
    return true;
  }
}
