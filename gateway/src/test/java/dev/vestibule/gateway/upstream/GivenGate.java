package dev.vestibule.gateway.upstream;

import dev.vestibule.Gate;
import dev.vestibule.Scheduler;
import dev.vestibule.Startup;
import dev.vestibule.Ticker;
import dev.vestibule.gateway.config.UpstreamSettings;

/** Upstreams whose gate and first start a test brings along. */
public final class GivenGate {

  private GivenGate() {}

  public static Upstream upstream(
      UpstreamSettings settings, Gate gate, Startup startup, Ticker ticker, Scheduler scheduler) {
    return new Upstream(settings, gate, startup, ticker, scheduler);
  }
}
