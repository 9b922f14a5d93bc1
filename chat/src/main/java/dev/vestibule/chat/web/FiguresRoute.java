package dev.vestibule.chat.web;

import dev.vestibule.chat.House;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * {@code /metrics}. Without Boot's actuator, which would bring all of its endpoints, and delay the
 * start, for this one.
 */
@Configuration(proxyBeanMethods = false)
class FiguresRoute {

  @Bean
  PrometheusMeterRegistry meterRegistry(House house) {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    house.figures().bindTo(registry, house.runs()::count, "guide");
    return registry;
  }

  @Bean
  WebServerFactoryCustomizer<JettyServletWebServerFactory> metricsPage(
      PrometheusMeterRegistry registry) {
    return factory ->
        factory.addServerCustomizers(server -> {
          MetricsForThisMachine page = new MetricsForThisMachine(new Scrape(registry));
          page.setHandler(server.getHandler());
          server.setHandler(page);
        });
  }
}
