package dev.vestibule.spring;

import dev.vestibule.Gate;
import dev.vestibule.Startup;
import dev.vestibule.jetty.HandshakeListener;
import dev.vestibule.micrometer.HandshakeMetrics;
import dev.vestibule.micrometer.SessionMetrics;
import dev.vestibule.micrometer.VestibuleMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/**
 * Figures, where Micrometer is and somebody reads it. Everything is bound before the server takes
 * its first connection, so that no arrival is missed.
 */
@AutoConfiguration(
    after = VestibuleAutoConfiguration.class,
    afterName =
        "org.springframework.boot.micrometer.metrics.autoconfigure"
            + ".CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass({MeterRegistry.class, VestibuleMetrics.class})
@ConditionalOnSingleCandidate(MeterRegistry.class)
@ConditionalOnBean(VestibuleAutoConfiguration.class)
class FiguresAutoConfiguration {

  @Bean
  HandshakeListener vestibuleHandshakeMetrics(MeterRegistry registry, Startup startup, Gate gate) {
    VestibuleMetrics.bind(registry, startup, gate);
    return HandshakeMetrics.bind(registry, gate)::answered;
  }

  /** The application's endpoints pass on with which code their sessions closed. */
  @Bean
  @ConditionalOnMissingBean
  SessionMetrics vestibuleSessionMetrics(MeterRegistry registry, Drain drain) {
    return SessionMetrics.bind(registry, drain::sessions);
  }
}
