package dev.vestibule.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Startup;
import dev.vestibule.jetty.HandshakeListener;
import io.micrometer.common.KeyValue;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.ReceiverContext;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Figures and observations, with whoever reads them and without. */
class FiguresTest {

  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private static final List<String> METRICS =
      List.of(
          "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
          "org.springframework.boot.micrometer.metrics.autoconfigure"
              + ".CompositeMeterRegistryAutoConfiguration",
          "org.springframework.boot.micrometer.metrics.autoconfigure.export.simple"
              + ".SimpleMetricsExportAutoConfiguration");

  private static VestibuleApplication application(String name, Object bean) {
    return VestibuleApplication.of(App.class).singleton(name, bean);
  }

  @Test
  void aRegistryIsBoundBeforeTheFirstArrival() throws Exception {
    MeterRegistry registry = new SimpleMeterRegistry();
    try (Running running = Running.start(application("registry", registry))) {
      running.lastStep.awaitReached();
      Client held = Client.at(running.port(), "/chat");
      Client.until("a waiter", () -> registry.get("vestibule.waiting").gauge().value() == 1);
      running.lastStep.finish();
      assertThat(held.echo("hello")).isEqualTo("hello");
      Client passes = Client.at(running.port(), "/chat");
      assertThat(passes.echo("hello")).isEqualTo("hello");

      assertThat(timer(registry, "vestibule.wait", "admitted").count()).isEqualTo(1);
      assertThat(timer(registry, "vestibule.connect", "opened").count()).isEqualTo(2);
      assertThat(registry.get("vestibule.sessions").gauge().value()).isEqualTo(2);
      assertThat(
              registry
                  .get("vestibule.phase.state")
                  .tags("phase", "application", "state", "ready")
                  .gauge()
                  .value())
          .isEqualTo(1);
    }
  }

  private static Timer timer(MeterRegistry registry, String name, String outcome) {
    return registry.get(name).tags("route", "/**", "outcome", outcome).timer();
  }

  @Test
  void springsOwnRegistryIsFound() throws Exception {
    // Boot makes one that keeps what it is told, when there is no other.
    try (Running running = Running.start(App.class)) {
      running.lastStep.finish();
      MeterRegistry registry = running.context().getBean(MeterRegistry.class);
      assertThat(registry.find("vestibule.refusals").counters()).isNotEmpty();
    }
  }

  @Test
  void nobodyIsTimedWithoutARegistry() throws Exception {
    try (Running running =
        Running.start(App.class, "--spring.autoconfigure.exclude=" + String.join(",", METRICS))) {
      running.lastStep.finish();
      assertThat(running.context().getBeansOfType(HandshakeListener.class)).isEmpty();
      assertThat(Client.at(running.port(), "/chat").echo("hello")).isEqualTo("hello");
    }
  }

  @Test
  void anAdmissionIsObservedFromTheKnockWithTheTraceThatItBelongsTo() throws Exception {
    Watcher watcher = new Watcher();
    Startup own = Startup.define().phase("services", phase -> phase.signalled()).build();
    VestibuleApplication application = application("observations", watcher.registry()).startup(own);
    try (Running running = Running.start(application)) {
      running.lastStep.finish();
      running.context();
      HttpClient http = HttpClient.newHttpClient();
      var held =
          http.newWebSocketBuilder()
              .header("traceparent", PARENT)
              .buildAsync(
                  URI.create("ws://127.0.0.1:" + running.port() + "/chat"),
                  new WebSocket.Listener() {});
      running.awaitWaiting(1);
      assertThat(watcher.stopped).isEmpty();
      own.signal("services").ready();
      held.get(20, TimeUnit.SECONDS).abort();

      Observation.Context opened = watcher.next();
      assertThat(opened.getLowCardinalityKeyValues())
          .containsExactlyInAnyOrder(KeyValue.of("route", "/**"), KeyValue.of("outcome", "opened"));
      assertThat(watcher.parents.poll()).isEqualTo(PARENT);
      assertThat(watcher.events.poll()).isEqualTo("vestibule.knock");

      Client.get(running.port(), "/livez");
      Client.get(running.port(), "/chat");
      assertThat(watcher.stopped).isEmpty();
    }
  }

  @Test
  void aRefusalIsObservedToo() throws Exception {
    Watcher watcher = new Watcher();
    Startup own = Startup.define().phase("services", phase -> phase.signalled()).build();
    VestibuleApplication application = application("observations", watcher.registry()).startup(own);
    try (Running running = Running.start(application)) {
      running.lastStep.finish();
      running.context();
      own.signal("services").failed(new IllegalStateException("no services"));
      assertThat(Client.at(running.port(), "/chat").refusal()).isEqualTo(503);
      assertThat(watcher.next().getLowCardinalityKeyValues())
          .contains(KeyValue.of("outcome", "refused"));
    }
  }

  /** What a tracer would hear. */
  private static final class Watcher implements ObservationHandler<Observation.Context> {
    private final BlockingQueue<Observation.Context> stopped = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> parents = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    ObservationRegistry registry() {
      ObservationRegistry registry = ObservationRegistry.create();
      registry.observationConfig().observationHandler(this);
      return registry;
    }

    Observation.Context next() throws InterruptedException {
      Observation.Context next = stopped.poll(20, TimeUnit.SECONDS);
      assertThat(next).isNotNull();
      return next;
    }

    @Override
    public void onStart(Observation.Context context) {
      parents.add(String.valueOf(parent(context)));
    }

    @SuppressWarnings("unchecked")
    private static @Nullable String parent(Observation.Context context) {
      ReceiverContext<Object> received = (ReceiverContext<Object>) context;
      Object carrier = received.getCarrier();
      return carrier == null ? null : received.getGetter().get(carrier, "traceparent");
    }

    @Override
    public void onEvent(Observation.Event event, Observation.Context context) {
      events.add(event.getName());
    }

    @Override
    public void onStop(Observation.Context context) {
      stopped.add(context);
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
      return AdmissionObservation.NAME.equals(context.getName());
    }
  }
}
