package dev.vestibule.spring;

import dev.vestibule.Door;
import dev.vestibule.Gate;
import dev.vestibule.jetty.DoorAdoption;
import dev.vestibule.jetty.GateHandler;
import dev.vestibule.jetty.OpenSessions;
import io.micrometer.observation.ObservationRegistry;
import java.time.InstantSource;
import java.util.List;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.servlet.ConfigurableServletWebServerFactory;
import org.springframework.core.Ordered;

/**
 * Puts the probes and the gate in front of everything that Jetty serves, and the door before it.
 */
final class JettyGate
    implements WebServerFactoryCustomizer<ConfigurableServletWebServerFactory>, Ordered {

  private final Gate gate;
  private final GateHandler handler;
  private final ProbesHandler probes;
  private final Settings settings;
  private final Drain drain;
  private final @Nullable ObservationRegistry observations;
  private final @Nullable Door door;

  JettyGate(
      Gate gate,
      GateHandler handler,
      ProbesHandler probes,
      Settings settings,
      Drain drain,
      @Nullable ObservationRegistry observations,
      @Nullable Door door) {
    this.gate = gate;
    this.handler = handler;
    this.probes = probes;
    this.settings = settings;
    this.drain = drain;
    this.observations = observations;
    this.door = door;
  }

  @Override
  public void customize(ConfigurableServletWebServerFactory factory) {
    if (!(factory instanceof JettyServletWebServerFactory jetty)) {
      throw new ConfigurationMistake(
          List.of(
              "web server: %s (expected: Jetty; exclude spring-boot-starter-tomcat)"
                  .formatted(factory.getClass().getSimpleName())));
    }
    jetty.addServerCustomizers(this::customize);
  }

  /** After the others, so that what they wrap around the application is behind the gate too. */
  @Override
  public int getOrder() {
    return LOWEST_PRECEDENCE;
  }

  private void customize(Server server) {
    handler.setHandler(server.getHandler());
    Answering answering = new Answering(gate);
    answering.setHandler(observed(handler));
    probes.setHandler(answering);
    server.setHandler(probes);
    drain.watch(answering, handler, OpenSessions.of(server), probes::endStreams);
    for (Connector connector : server.getConnectors()) {
      if (connector instanceof ServerConnector sockets) {
        sockets.setAcceptQueueSize(settings.configured().backlog());
        if (door != null) {
          DoorAdoption.adopt(door, sockets);
        }
        // The door leads to one connector; Boot makes no other.
        return;
      }
    }
  }

  /** Without somebody who observes there is nothing in between. */
  private Handler observed(Handler next) {
    if (observations == null || observations.isNoop()) {
      return next;
    }
    AdmissionObservation observing =
        new AdmissionObservation(observations, gate, InstantSource.system());
    observing.setHandler(next);
    return observing;
  }
}
