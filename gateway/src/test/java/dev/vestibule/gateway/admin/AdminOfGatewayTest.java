package dev.vestibule.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.RouteState;
import dev.vestibule.Scheduler;
import dev.vestibule.Ticker;
import dev.vestibule.gateway.Backend;
import dev.vestibule.gateway.Gateway;
import dev.vestibule.gateway.GatewayScene;
import dev.vestibule.gateway.config.AdminSettings;
import dev.vestibule.gateway.config.AdminSettings.AccessLogFormat;
import dev.vestibule.gateway.config.AdminSettings.ReadyWhen;
import dev.vestibule.gateway.config.GatewaySettings;
import dev.vestibule.gateway.config.Limits;
import dev.vestibule.gateway.config.ReadinessSettings;
import dev.vestibule.gateway.config.RouteSettings;
import dev.vestibule.gateway.config.UpstreamSettings;
import dev.vestibule.gateway.upstream.Upstream;
import dev.vestibule.testkit.RawClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The admin side of a gateway that carries somebody. */
@Timeout(60)
class AdminOfGatewayTest {

  private final Backend backend = Backend.of(Backend.echo());
  private final GatewaySettings settings =
      new GatewaySettings(
          House.ANY_PORT,
          null,
          List.of(
              new UpstreamSettings(
                  "app",
                  backend.address(),
                  new ReadinessSettings.Tcp(),
                  null,
                  UpstreamSettings.CONNECT_TIMEOUT,
                  UpstreamSettings.ANSWER_TIMEOUT,
                  UpstreamSettings.PACE)),
          List.of(new RouteSettings("/**", "app", RouteSettings.Holds.ALL, null, Set.of())),
          Limits.DEFAULTS,
          0,
          Duration.ofHours(1),
          Duration.ZERO,
          new AdminSettings(null, 0, House.ANY_PORT, ReadyWhen.OPEN, AccessLogFormat.OFF));
  private final Admin admin = new Admin(settings, null);
  private final Gateway gateway =
      new Gateway(settings, List.of(admin), wait -> {}, Ticker.system(), Scheduler.system());

  AdminOfGatewayTest() throws IOException {}

  @BeforeEach
  void open() throws IOException {
    admin.open(gateway);
    gateway.open();
    app().start();
  }

  @AfterEach
  void close() throws IOException {
    admin.close();
    gateway.close();
    backend.close();
  }

  private Upstream app() {
    return Objects.requireNonNull(gateway.upstream("app"));
  }

  private InetSocketAddress probes() {
    return Objects.requireNonNull(admin.probes());
  }

  private String figures() throws IOException {
    return Raw.ask(Objects.requireNonNull(admin.port()), "/metrics");
  }

  private int readyz() throws IOException {
    return Raw.status(Raw.ask(probes(), "/readyz"));
  }

  private RawClient handshake() throws IOException {
    return RawClient.connect(gateway.address().getPort()).send(RawClient.handshake("/chat"));
  }

  @Test
  void aSessionIsSeenWhileItIsOpenAndAfterwards() throws Exception {
    app().ready(app().startup());
    // The figures are loaded before anything is asked.
    assertThat(figures()).contains("vestibule_gateway_connections 0.0");
    try (RawClient client = handshake()) {
      assertThat(client.read().status()).isEqualTo(101);
      assertThat(figures())
          .contains("vestibule_gateway_connections 1.0")
          .contains("vestibule_sessions{upstream=\"app\"} 1.0");
      client.send(RawClient.frame("hello"));
      assertThat(client.readText()).isEqualTo("hello");
      client.send(RawClient.close(4401));
      client.readClose();
    }
    GatewayScene.eventually("it is over", () -> gateway.clients() == 0);
    assertThat(figures())
        .contains("vestibule_sessions{upstream=\"app\"} 0.0")
        .contains("vestibule_closes_total{code=\"4xxx\",upstream=\"app\"} 1.0")
        .contains(
            "vestibule_gateway_passages_total{kind=\"upgrade\",outcome=\"passed\",upstream=\"app\"} 1.0");
  }

  @Test
  void aConnectionThatCannotBeMadeIsCounted() throws Exception {
    app().ready(app().startup());
    assertThat(readyz()).isEqualTo(200);
    backend.close();
    try (RawClient client = handshake()) {
      GatewayScene.eventually("it waits", () -> app().gate().snapshot().waiting() == 1);
      assertThat(client).isNotNull();
    }
    assertThat(figures())
        .contains("vestibule_gateway_connect_failures_total{upstream=\"app\"} 1.0");
    assertThat(readyz()).isEqualTo(503);
    // The process has started all the same.
    assertThat(Raw.status(Raw.ask(probes(), "/startupz"))).isEqualTo(200);
  }

  @Test
  void whileItDrainsItIsNotReadyThoughNewcomersAreStillLetIn() throws Exception {
    app().ready(app().startup());
    assertThat(readyz()).isEqualTo(200);
    Thread drain = Thread.ofVirtual().start(this::drain);
    GatewayScene.eventually("it drains", gateway::isDraining);
    assertThat(readyz()).isEqualTo(503);
    assertThat(app().gate().routes().getFirst().state()).isEqualTo(RouteState.OPEN);
    assertThat(Raw.status(Raw.ask(probes(), "/livez"))).isEqualTo(200);
    drain.interrupt();
    drain.join();
  }

  private void drain() {
    try {
      gateway.drain(false);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
