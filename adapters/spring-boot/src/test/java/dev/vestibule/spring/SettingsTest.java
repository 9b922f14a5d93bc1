package dev.vestibule.spring;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.vestibule.PhaseState;
import dev.vestibule.Startup;
import dev.vestibule.environment.EffectiveSettings;
import dev.vestibule.environment.EffectiveSettings.Setting;
import dev.vestibule.environment.Environment;
import dev.vestibule.environment.Platform;
import dev.vestibule.environment.Presets;
import dev.vestibule.history.History;
import dev.vestibule.testkit.ManualTime;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class SettingsTest {

  @Test
  void defaultsDependOnThePlatform() {
    Settings anywhere = settings();
    assertThat(anywhere.drainDelay()).isEqualTo(Duration.ZERO);
    assertThat(anywhere.drainGrace()).isEqualTo(Duration.ofSeconds(30));
    assertThat(anywhere.exitOnFailure()).isFalse();
    assertThat(anywhere.configured().maxWaiting()).isEqualTo(10_000);
    assertThat(anywhere.configured().admin().address().isLoopbackAddress()).isTrue();
    assertThat(anywhere.effective())
        .contains(
            new Setting("environment", "production", "default"),
            new Setting("hold-at-most", "30s", "default"),
            new Setting("admin.port", "off", "default"),
            new Setting("logging.format", "text", "default"));

    Settings cloudRun = settings("K_SERVICE", "chat");
    assertThat(cloudRun.drainGrace()).isEqualTo(Duration.ofSeconds(10));
    assertThat(cloudRun.effective())
        .contains(
            new Setting("drain.delay", "0s", "Cloud Run"),
            new Setting("drain.grace", "10s", "Cloud Run"),
            new Setting("logging.format", "cloud", "Cloud Run"));

    Settings kubernetes = settings("KUBERNETES_SERVICE_HOST", "10.0.0.1");
    assertThat(kubernetes.drainDelay()).isEqualTo(Duration.ofSeconds(5));
    assertThat(kubernetes.effective()).contains(new Setting("drain.delay", "5s", "Kubernetes"));
  }

  @Test
  void whatIsConfiguredWinsAndSaysWhereItCameFrom() {
    Settings settings = settings("K_SERVICE", "chat", "vestibule.drain.grace", "1500ms");
    assertThat(settings.drainGrace()).isEqualTo(Duration.ofMillis(1500));
    assertThat(settings.effective())
        .filteredOn(it -> it.key().equals("drain.grace"))
        .singleElement()
        .satisfies(it -> {
          assertThat(it.value()).isEqualTo("1500ms");
          assertThat(it.source()).contains("vestibule.drain.grace");
        });
  }

  @Test
  void theEnvironmentLimitsAPhaseThatNamesNoLimit() {
    Settings test = settings("vestibule.environment", "TEST");
    assertThat(test.presets()).isEqualTo(new Presets(Environment.TEST, Platform.PLAIN));
    StartupPhase unlimited = new StartupPhase("services", phase -> phase.signalled());
    assertThat(stateAfter(ofSeconds(2).minusNanos(1), test, unlimited))
        .isEqualTo(PhaseState.RUNNING);
    assertThat(stateAfter(ofSeconds(2), test, unlimited)).isEqualTo(PhaseState.FAILED);
    StartupPhase limited =
        new StartupPhase("services", phase -> phase.signalled().timeout(ofSeconds(60)));
    assertThat(stateAfter(ofSeconds(59), test, limited)).isEqualTo(PhaseState.RUNNING);
    StartupPhase other = new StartupPhase("model", phase -> phase.signalled());
    assertThat(stateAfter(Duration.ofDays(1), test, other)).isEqualTo(PhaseState.RUNNING);
  }

  private static PhaseState stateAfter(Duration time, Settings settings, StartupPhase phase) {
    ManualTime clock = new ManualTime();
    try (Startup startup =
        Startup.define()
            .ticker(clock)
            .scheduler(clock)
            .phase(phase.name(), phase.definition())
            .timeouts(settings.timeouts(History.inMemory()))
            .build()) {
      startup.start();
      clock.advance(time);
      return startup.snapshot().phase(phase.name()).state();
    }
  }

  @Test
  void whoBringsAGateIsNotToldOfBoundsThatDoNotApply() {
    EffectiveSettings own = new EffectiveSettings("").add("model.key", "hunter2", "default");
    assertThat(printed(true, null))
        .contains("platform", "hold-at-most", "readiness.strategy", "drain.grace");
    assertThat(printed(false, own))
        .contains("platform", "drain.grace", "model.key", "******")
        .doesNotContain("hold-at-most", "readiness.strategy", "hunter2");
    assertThat(printed(false, null)).contains("the application's own");
    own.add("history.file", "/data/history", "--data");
    assertThat(printed(false, own))
        .containsOnlyOnce("history.file")
        .containsPattern("history.file +/data/history +--data");
  }

  private static String printed(boolean gateIsOurs, @Nullable EffectiveSettings more) {
    return settings().listed(gateIsOurs, more).toString();
  }

  @Test
  void sourcesAreNamedAsWhoeverWroteThemWould() {
    StandardEnvironment environment = new StandardEnvironment();
    MutablePropertySources sources = environment.getPropertySources();
    sources.replace(
        "systemEnvironment",
        new SystemEnvironmentPropertySource(
            "systemEnvironment", Map.of("VESTIBULE_DRAIN_GRACE", "7s")));
    sources.replace(
        "systemProperties",
        new MapPropertySource("systemProperties", Map.of("vestibule.max-waiting", "9")));
    sources.addFirst(new SimpleCommandLinePropertySource("--vestibule.environment=staging"));
    ConfigurationPropertySources.attach(environment);
    assertThat(Settings.of(environment).effective())
        .contains(
            new Setting("environment", "staging", "argument --vestibule.environment"),
            new Setting("max-waiting", "9", "system property vestibule.max-waiting"),
            new Setting("drain.grace", "7s", "VESTIBULE_DRAIN_GRACE"));
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
                "vestibule.hop-limit", "1ms",
                "vestibule.pace.per-second", "0",
                "vestibule.pace.in-flight", "0",
                "vestibule.readiness.strategy", "hope",
                "vestibule.environment", "prod",
                "vestibule.logging.format", "xml",
                "vestibule.readiness.interval", "0s",
                "vestibule.ready.when", "maybe",
                "vestibule.drain.delay", "-1s",
                "vestibule.admin.port", "65536",
                "vestibule.admin.hosts", "http://admin.example",
                "vestibule.routes[0].path", "chat",
                "vestibule.routes[1].requires", "services",
                "vestibule.history.file", "/",
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
                    "vestibule.max-witing: unknown (expected: a known key)",
                    "vestibule.max-waiting: -1 (expected: >= 0)",
                    "vestibule.max-waiting-per-client: 0 (expected: >= 1)",
                    "vestibule.backlog: 0 (expected: >= 1)",
                    "vestibule.trusted-hops: -2 (expected: >= 0)",
                    "vestibule.hop-limit: PT0.001S (expected: >= PT1S)",
                    "vestibule.pace.per-second: 0 (expected: 1..1000000)",
                    "vestibule.pace.in-flight: 0 (expected: >= 1)",
                    "vestibule.pace.in-flight: 0 (expected: not both this and pace.per-second)",
                    "vestibule.readiness.interval: PT0S (expected: >= PT0.001S)",
                    "vestibule.drain.delay: PT-1S (expected: >= PT0S)",
                    "vestibule.admin.port: 65536 (expected: 0..65535)",
                    "vestibule.admin.hosts: http://admin.example (expected: a name or an address"
                        + " alone, such as admin.example)",
                    "vestibule.history.file: / (expected: the name of a file)",
                    "vestibule.routes[1].path: nothing (expected: a path, such as /chat/**)")
                .anySatisfy(line ->
                    assertThat(line)
                        .startsWith(
                            "vestibule.environment: prod (expected: one of production, staging,"
                                + " development, test, local"))
                .anySatisfy(line ->
                    assertThat(line)
                        .startsWith("vestibule.logging.format: xml (expected: one of text, ecs"))
                .hasSize(21));
  }

  @Test
  void theValueOfAKeyThatNobodyKnowsIsNotShown() {
    assertThatThrownBy(() -> settings("vestibule.model.key", "sk-secret", "vestibule.backlog", "0"))
        .hasMessageContaining("vestibule.model.key: unknown (expected: a known key)")
        .hasMessageContaining("vestibule.backlog: 0 (expected: >= 1)")
        .hasMessageNotContaining("sk-secret")
        .hasNoCause();
  }

  @Test
  void aKnownKeyWithoutAValueIsToldWhatItWouldBe() {
    StandardEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .replace(
            "systemEnvironment",
            new SystemEnvironmentPropertySource(
                "systemEnvironment",
                Map.of(
                    "VESTIBULE_ADMIN_PORT", "",
                    "VESTIBULE_HOLD_AT_MOST", "",
                    "VESTIBULE_ENVIRONMENT", "",
                    "VESTIBULE_HISTORY_FILE", "")));
    ConfigurationPropertySources.attach(environment);
    assertThatThrownBy(() -> Settings.of(environment))
        .message()
        .satisfies(message ->
            assertThat(message.lines())
                .containsExactlyInAnyOrder(
                    "vestibule.admin.port: nothing (expected: a whole number)",
                    "vestibule.hold-at-most: nothing (expected: a duration, such as 30s or 100ms)",
                    "vestibule.environment: nothing (expected: one of production, staging,"
                        + " development, test, local)",
                    "vestibule.history.file: nothing (expected: the name of a file)"));
  }

  @Test
  void everyKeyIsDescribed() throws IOException {
    String metadata;
    try (InputStream in =
        SettingsTest.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
      metadata = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
    for (Setting it : settings("vestibule.admin.port", "0").effective()) {
      assertThat(metadata).contains("\"vestibule." + it.key() + "\"");
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

  @Test
  void refusingByACloseNeedsToKnowThePages() {
    assertThatThrownBy(() ->
            settings(
                "vestibule.routes[0].path", "/chat",
                "vestibule.routes[0].refuse", "close",
                "vestibule.routes[1].path", "/other",
                "vestibule.routes[1].refuse", "slam",
                "vestibule.routes[1].subprotocols", "v1,two words"))
        .isInstanceOf(ConfigurationMistake.class)
        .message()
        .satisfies(message ->
            assertThat(message.lines())
                .anySatisfy(line ->
                    assertThat(line)
                        .startsWith(
                            "vestibule.routes[1].refuse: slam (expected: one of http, close"))
                .contains(
                    "vestibule.routes[0].refuse: close (expected: vestibule.origins with it, the"
                        + " pages that may come in)",
                    "vestibule.routes[1].subprotocols: two words (expected: names such as"
                        + " chat.v1)")
                .hasSize(3));
    assertThatThrownBy(() -> settings("vestibule.origins", "https://a.example,b.example"))
        .hasMessage(
            "vestibule.origins[1]: b.example (expected: scheme://host or scheme://host:port, as"
                + " browsers send)");
    Settings right =
        settings(
            "vestibule.origins", "https://chat.example",
            "vestibule.routes[0].path", "/chat",
            "vestibule.routes[0].refuse", "close",
            "vestibule.routes[0].subprotocols", "v2,v1");
    assertThat(right.effective())
        .extracting(Setting::key, Setting::value)
        .contains(
            tuple("routes[0].refuse", "close; subprotocols: v2, v1"),
            tuple("origins", "https://chat.example"));
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
