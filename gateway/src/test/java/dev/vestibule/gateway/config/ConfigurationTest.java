package dev.vestibule.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.gateway.config.AdminSettings.AccessLogFormat;
import dev.vestibule.gateway.config.AdminSettings.ReadyWhen;
import dev.vestibule.gateway.config.RouteSettings.Holds;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {

  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  @Test
  void whoSaysNothingGetsTheDefaults() {
    Told told = Told.gateway().flag(Key.UPSTREAM, "9000");
    GatewaySettings settings = told.settings();

    assertThat(settings.listen()).isEqualTo(new InetSocketAddress(8080));
    assertThat(settings.limits()).isEqualTo(Limits.DEFAULTS);
    assertThat(settings.admin()).isEqualTo(AdminSettings.NONE);
    assertThat(settings.tls()).isNull();
    assertThat(settings.trustedHops()).isZero();
    assertThat(settings.drainDelay()).isZero();
    assertThat(settings.grace()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.upstreams())
        .containsExactly(
            new UpstreamSettings(
                "server",
                new InetSocketAddress(LOOPBACK, 9000),
                new ReadinessSettings.Tcp(),
                null,
                UpstreamSettings.CONNECT_TIMEOUT,
                UpstreamSettings.ANSWER_TIMEOUT,
                UpstreamSettings.PACE));
    assertThat(settings.routes())
        .containsExactly(new RouteSettings("/**", "server", Holds.ALL, null, Set.of()));
    assertThat(told.configuration().run()).isNull();
  }

  @Test
  void theChildHasNoAddressAndItsArgumentsAreNotShown() {
    Configuration configuration =
        Told.run().flag(Key.RESTART, "2").flag(Key.READY, "notify").configuration();

    assertThat(configuration.run())
        .isEqualTo(
            new RunSettings(
                "server", List.of("server", "--secret=x"), 2, RunSettings.RESTART_DELAY, 0));
    assertThat(configuration.gateway().upstreams().getFirst().address()).isNull();
    assertThat(configuration.effective().toString()).doesNotContain("secret");
  }

  @Test
  void everyFlagIsRead(@TempDir Path directory) {
    Path socket = directory.resolve("admin");
    GatewaySettings settings =
        Told.gateway()
            .flag(Key.LISTEN, "127.0.0.1:7001")
            .flag(Key.UPSTREAM, "chat=127.0.0.1:7002")
            .flag(Key.READY, "http:/health?deep=1=204")
            .flag(Key.PROBE_INTERVAL, "250ms")
            .flag(Key.CONNECT_TIMEOUT, "1s")
            .flag(Key.ANSWER_TIMEOUT, "2m")
            .flag(Key.HOLD, "upgrades")
            .flag(Key.ORIGIN, "https://a.example", "http://[::1]:3000")
            .flag(Key.HOLD_AT_MOST, "10s")
            .flag(Key.MAX_WAITING, "0")
            .flag(Key.MAX_WAITING_PER_CLIENT, "5")
            .flag(Key.MAX_CONNECTIONS, "6")
            .flag(Key.MAX_HEADER_BYTES, "2048")
            .flag(Key.HEADER_TIMEOUT, "7s")
            .flag(Key.IDLE_TIMEOUT, "1h")
            .flag(Key.HEARTBEAT, "20s")
            .flag(Key.TRUSTED_HOPS, "1")
            .flag(Key.DRAIN_DELAY, "0")
            .flag(Key.GRACE, "9s")
            .flag(Key.ADMIN_SOCKET, socket.toString())
            .flag(Key.ADMIN_PORT, "0")
            .flag(Key.PROBES, ":7003")
            .flag(Key.READY_WHEN, "holding")
            .flag(Key.ACCESS_LOG, "json")
            .settings();

    assertThat(settings)
        .isEqualTo(
            new GatewaySettings(
                new InetSocketAddress(LOOPBACK, 7001),
                null,
                List.of(
                    new UpstreamSettings(
                        "chat",
                        new InetSocketAddress(LOOPBACK, 7002),
                        new ReadinessSettings.Http("/health?deep=1", 204),
                        Duration.ofMillis(250),
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(2),
                        UpstreamSettings.PACE)),
                List.of(
                    new RouteSettings(
                        "/**",
                        "chat",
                        Holds.UPGRADES,
                        null,
                        Set.of("https://a.example", "http://[::1]:3000"))),
                new Limits(
                    6,
                    0,
                    5,
                    2048,
                    Duration.ofSeconds(7),
                    Duration.ofHours(1),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(20)),
                1,
                Duration.ZERO,
                Duration.ofSeconds(9),
                new AdminSettings(
                    socket,
                    0,
                    new InetSocketAddress(7003),
                    ReadyWhen.HOLDING,
                    AccessLogFormat.JSON)));
  }

  @Test
  void aFlagWinsOverTheFileAndTheFileOverTheSurroundings() {
    String file = "listen: 7001\ngrace: 5s\ndrain-delay: 1s\n";
    Told told = Told.run().file(file).flag(Key.GRACE, "6s").variable("PORT", "7009");
    assertThat(told.settings().listen().getPort()).isEqualTo(7001);
    assertThat(told.source("grace")).isEqualTo("6s by --grace");
    assertThat(told.source("drain-delay")).isEqualTo("1s by vestibule.yaml:3");
    assertThat(Told.run().variable("PORT", "7009").source("listen")).isEqualTo(":7009 by PORT");
  }

  @Test
  void thePlatformSetsDefaults() {
    Told cloud = Told.run().variable("K_SERVICE", "chat");
    assertThat(cloud.source("grace")).isEqualTo("8s by Cloud Run");
    Told cluster = Told.run().variable("KUBERNETES_SERVICE_HOST", "10.0.0.1");
    assertThat(cluster.source("drain-delay")).isEqualTo("5s by Kubernetes");
    assertThat(cluster.source("grace")).isEqualTo("23s by Kubernetes");
    assertThat(Told.run().descriptors(4096).settings().limits().maxConnections()).isEqualTo(1798);
    assertThat(Told.run().variable("PORT", "http").mistakes())
        .containsExactly("PORT: :http (expected: HOST:PORT, :PORT or PORT, the port 0..65535)");
    assertThat(Told.run().variable("VESTIBULE_ENVIRONMENT", "prod").mistakes().getFirst())
        .contains("prod (expected: one of production");
  }

  @Test
  void allMistakesOfTheCommandLineAreNamedAtOnce(@TempDir Path directory) {
    List<String> mistakes =
        Told.gateway()
            .flag(Key.LISTEN, "8080x")
            .flag(Key.UPSTREAM, "a b=127.0.0.1:0")
            .flag(Key.READY, "http:health")
            .flag(Key.PROBE_INTERVAL, "0s")
            .flag(Key.HOLD, "some")
            .flag(Key.ORIGIN, "https://a.example/page")
            .flag(Key.HOLD_AT_MOST, "30")
            .flag(Key.MAX_WAITING, "-1")
            .flag(Key.MAX_CONNECTIONS, "99999999999")
            .flag(Key.MAX_HEADER_BYTES, "10")
            .flag(Key.TRUSTED_HOPS, "17")
            .flag(Key.ADMIN_SOCKET, directory.resolve("no/where").toString())
            .flag(Key.ADMIN_PORT, "65536")
            .flag(Key.ACCESS_LOG, "xml")
            .flag(Key.TLS_CERT, "nowhere.pem")
            .mistakes();

    assertThat(mistakes)
        .containsExactlyInAnyOrder(
            "--listen: 8080x (expected: HOST:PORT, :PORT or PORT, the port 0..65535)",
            "--upstream: a b=127.0.0.1:0 (expected: 1 to 64 letters, digits, dots, hyphens and"
                + " underscores, used once)",
            "--upstream: a b=127.0.0.1:0 (expected: [NAME=]HOST:PORT, the port 1..65535)",
            "--ready: http:health (expected: tcp, http:/path[=STATUS], notify or"
                + " push:PHASE[,PHASE...])",
            "--probe-interval: 0s (expected: a duration such as 500ms, 30s or 5m, 1ms..1m)",
            "--hold: some (expected: one of all, upgrades)",
            "--origin: https://a.example/page (expected: scheme, host and port alone, such as"
                + " https://chat.example)",
            "--hold-at-most: 30 (expected: a duration such as 500ms, 30s or 5m, 1ms..24h)",
            "--max-waiting: -1 (expected: >= 0)",
            "--max-connections: 99999999999 (expected: >= 1)",
            "--max-header-bytes: 10 (expected: 1024..1048576)",
            "--trusted-hops: 17 (expected: 0..16)",
            "--admin-socket: "
                + directory.resolve("no/where")
                + " (expected: a path of at most 107 bytes in a directory that exists)",
            "--admin-port: 65536 (expected: 0..65535)",
            "--access-log: xml (expected: one of off, text, json)",
            "--tls-cert: nowhere.pem (expected: together with tls-key)");
  }

  @Test
  void portsThatAreTheSameAreNamed() {
    assertThat(
            Told.gateway()
                .flag(Key.LISTEN, "7001")
                .flag(Key.UPSTREAM, "7001")
                .flag(Key.ADMIN_PORT, "7001")
                .flag(Key.PROBES, "7001")
                .mistakes())
        .containsExactly(
            "--admin-port: 7001 (expected: another port than that of listen)",
            "--probes: 7001 (expected: another port than that of listen and the admin side)",
            "--upstream: 7001 (expected: another address than that of listen)");
  }

  @Test
  void whatCannotBeKnownIsNotAskedFor() {
    assertThat(Told.gateway().mistakes())
        .containsExactly(
            "--upstream: nothing (expected: HOST:PORT, or --config FILE that has upstreams)");
    assertThat(Told.gateway().flag(Key.UPSTREAM, "7001").flag(Key.READY, "notify").mistakes())
        .singleElement()
        .asString()
        .contains("--ready: notify (expected: tcp, http or push");
    assertThat(Told.run().flag(Key.READY, "push:database").mistakes())
        .singleElement()
        .asString()
        .contains("--ready: push:database (expected: together with admin-socket or admin-port");
    assertThat(Told.gateway().flag(Key.UPSTREAM, "nowhere.invalid:80").mistakes())
        .containsExactly("--upstream: nowhere.invalid:80 (expected: a host that resolves)");
  }
}
