package dev.vestibule.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class SettingsTest {

  @Test
  void defaultsDependOnThePlatform() {
    Settings anywhere = settings();
    assertThat(anywhere.drainDelay()).isEqualTo(Duration.ZERO);
    assertThat(anywhere.drainGrace()).isEqualTo(Duration.ofSeconds(30));
    assertThat(anywhere.exitOnFailure()).isFalse();
    assertThat(anywhere.configured().maxWaiting()).isEqualTo(10_000);
    assertThat(anywhere.effective()).containsEntry("hold-at-most", "30s (default)");
    assertThat(anywhere.effective()).containsEntry("admin.port", "off (default)");
    assertThat(anywhere.configured().admin().address().isLoopbackAddress()).isTrue();

    Settings cloudRun = settings("K_SERVICE", "chat");
    assertThat(cloudRun.drainGrace()).isEqualTo(Duration.ofSeconds(10));
    assertThat(cloudRun.effective()).containsEntry("drain.delay", "0s (Cloud Run)");

    Settings kubernetes = settings("KUBERNETES_SERVICE_HOST", "10.0.0.1");
    assertThat(kubernetes.drainDelay()).isEqualTo(Duration.ofSeconds(5));
    assertThat(kubernetes.effective()).containsEntry("drain.delay", "5s (Kubernetes)");
  }

  @Test
  void whatIsConfiguredWinsAndSaysWhereItCameFrom() {
    Settings settings = settings("K_SERVICE", "chat", "vestibule.drain.grace", "1500ms");
    assertThat(settings.drainGrace()).isEqualTo(Duration.ofMillis(1500));
    assertThat(settings.effective().get("drain.grace"))
        .startsWith("1500ms (")
        .contains("vestibule.drain.grace");
  }

  @Test
  void mayExitUnlessToldOtherwise() {
    assertThat(settings(Settings.MAY_EXIT, "true").exitOnFailure()).isTrue();
    assertThat(
            settings(Settings.MAY_EXIT, "true", "vestibule.exit-on-failure", "false")
                .exitOnFailure())
        .isFalse();
  }

  @Test
  void everyMistakeIsNamedAtOnce() {
    assertThatThrownBy(() ->
            settings(
                "vestibule.max-waiting", "-1",
                "vestibule.max-waiting-per-client", "0",
                "vestibule.hold-at-most", "soon",
                "vestibule.backlog", "0",
                "vestibule.trusted-hops", "-2",
                "vestibule.readiness.strategy", "hope",
                "vestibule.readiness.interval", "0s",
                "vestibule.ready.when", "maybe",
                "vestibule.drain.delay", "-1s",
                "vestibule.admin.port", "65536",
                "vestibule.admin.hosts", "http://admin.example",
                "vestibule.routes[0].path", "chat",
                "vestibule.routes[1].requires", "services",
                "vestibule.max-witing", "5"))
        .isInstanceOf(ConfigurationMistake.class)
        .message()
        .satisfies(message ->
            assertThat(message.lines())
                .anySatisfy(line ->
                    assertThat(line)
                        .startsWith("vestibule.hold-at-most: soon (expected: a duration"))
                .anySatisfy(line ->
                    assertThat(line)
                        .startsWith(
                            "vestibule.readiness.strategy: hope (expected: one of signal,"
                                + " fixed, progressive"))
                .anySatisfy(line ->
                    assertThat(line)
                        .startsWith("vestibule.ready.when: maybe (expected: one of open, holding"))
                .anySatisfy(line -> assertThat(line).startsWith("vestibule.routes[0].path: "))
                .contains(
                    "vestibule.max-witing: 5 (expected: a known key)",
                    "vestibule.max-waiting: -1 (expected: >= 0)",
                    "vestibule.max-waiting-per-client: 0 (expected: >= 1)",
                    "vestibule.backlog: 0 (expected: >= 1)",
                    "vestibule.trusted-hops: -2 (expected: >= 0)",
                    "vestibule.readiness.interval: PT0S (expected: >= PT0.001S)",
                    "vestibule.drain.delay: PT-1S (expected: >= PT0S)",
                    "vestibule.admin.port: 65536 (expected: 0..65535)",
                    "vestibule.admin.hosts: http://admin.example (expected: a name or an address"
                        + " alone, such as admin.example)",
                    "vestibule.routes[1].path: nothing (expected: a path, such as /chat/**)")
                .hasSize(14));
  }

  @Test
  void everyKeyIsDescribed() throws IOException {
    String metadata;
    try (InputStream in =
        SettingsTest.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
      metadata = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
    for (String key : settings("vestibule.admin.port", "0").effective().keySet()) {
      assertThat(metadata).contains("\"vestibule." + key + "\"");
    }
    String[] properties =
        metadata.substring(0, metadata.indexOf("\"hints\"")).split("\"name\": \"vestibule\\.");
    assertThat(properties).hasSizeGreaterThan(15);
    for (int i = 1; i < properties.length; i++) {
      if (!properties[i].contains("Properties\",\n      \"sourceMethod\"")) {
        assertThat(properties[i]).contains("\"description\"");
      }
    }
  }

  private static Settings settings(String... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    StandardEnvironment environment = new StandardEnvironment();
    environment.getPropertySources().forEach(it -> {});
    environment.getPropertySources().remove("systemEnvironment");
    environment.getPropertySources().remove("systemProperties");
    environment.getPropertySources().addFirst(new MapPropertySource("test", map));
    ConfigurationPropertySources.attach(environment);
    return Settings.of(environment);
  }
}
