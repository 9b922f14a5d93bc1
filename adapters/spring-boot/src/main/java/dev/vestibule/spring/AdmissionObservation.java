package dev.vestibule.spring;

import dev.vestibule.Gate;
import dev.vestibule.HandshakeOutcome;
import dev.vestibule.Route;
import dev.vestibule.Ticker;
import dev.vestibule.jetty.DoorAdoption;
import dev.vestibule.jetty.ResponseWatch;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.ReceiverContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Observes each handshake of a route from its arrival to its 101 or refusal, as {@code
 * vestibule.admission}. With Micrometer Tracing behind the registry that is a span, and a {@code
 * traceparent} that came with the handshake is its parent. In front of the gate only where there is
 * a registry.
 *
 * <p>An observation cannot begin before it is started. Where the client knocked before there was a
 * server, an event says when.
 */
final class AdmissionObservation extends Handler.Wrapper {

  static final String NAME = "vestibule.admission";

  private final ObservationRegistry registry;
  private final Gate gate;
  private final InstantSource clock;

  AdmissionObservation(ObservationRegistry registry, Gate gate, InstantSource clock) {
    this.registry = registry;
    this.gate = gate;
    this.clock = clock;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    Route route = gate.routeAt(Request.getPathInContext(request));
    if (route == null || !request.getHeaders().contains(HttpHeader.UPGRADE, "websocket")) {
      return super.handle(request, response, callback);
    }
    Observation observation =
        Observation.createNotStarted(NAME, () -> context(request), registry)
            .contextualName("admission " + route.pattern())
            .lowCardinalityKeyValue("route", route.pattern())
            .start();
    observation.event(knock(request));
    return super.handle(
        request,
        response,
        ResponseWatch.watch(request, response, callback, outcome -> end(observation, outcome)));
  }

  private static ReceiverContext<Request> context(Request request) {
    ReceiverContext<Request> context =
        new ReceiverContext<>((carrier, key) -> carrier.getHeaders().get(key));
    context.setCarrier(request);
    return context;
  }

  private Observation.Event knock(Request request) {
    long ago = Ticker.system().read() - DoorAdoption.knockedAt(request);
    long at = clock.instant().minus(Duration.ofNanos(ago)).toEpochMilli();
    return Observation.Event.of("vestibule.knock", "knock", at);
  }

  /** The same words as the tag of {@code vestibule.connect}. */
  private static void end(Observation observation, HandshakeOutcome outcome) {
    String word = outcome.name().toLowerCase(Locale.ROOT);
    observation.lowCardinalityKeyValue("outcome", word).stop();
  }
}
