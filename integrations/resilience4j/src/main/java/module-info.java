/**
 * A phase that is down while a circuit breaker of Resilience4j is open, and a probe through the
 * breaker that brings it back.
 */
module dev.vestibule.resilience4j {
  requires transitive dev.vestibule;
  // Automatic modules: Resilience4j has names, and no descriptors.
  requires transitive io.github.resilience4j.circuitbreaker;
  requires io.github.resilience4j.core;
  requires static transitive org.jspecify;

  exports dev.vestibule.resilience4j;
}
