package dev.vestibule.gateway.upstream;

import dev.vestibule.Startup;

/** Hears that an upstream starts: what asks it whether it is ready begins here. */
@FunctionalInterface
public interface UpstreamListener {

  /**
   * A start has begun; the one before is over.
   *
   * @param upstream which
   * @param startup the start; runs until it is complete, failed or closed
   */
  void starts(Upstream upstream, Startup startup);
}
