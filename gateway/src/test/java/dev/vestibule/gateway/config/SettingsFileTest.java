package dev.vestibule.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.gateway.config.RouteSettings.Holds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsFileTest {

  static final String WHOLE =
      """
      listen: 127.0.0.1:8080
      max-waiting: 500
      admin-port: 8081
      upstreams:
        - name: chat
          address: 127.0.0.1:9000
          ready: push:database,services
        - name: api
          address: "9001"
          ready: http:/health
          probe-interval: 50ms
      routes:
        - path: /chat/**
          upstream: chat
          hold: upgrades
          hold-at-most: 10s
          origin: [https://a.example, https://b.example]
        - path: /**
          upstream: api
          origin: https://a.example
      """;

  @Test
  void severalUpstreamsAndRoutes() {
    GatewaySettings settings = Told.gateway().file(WHOLE).settings();

    assertThat(settings.limits().maxWaiting()).isEqualTo(500);
    assertThat(settings.upstreams())
        .extracting(UpstreamSettings::readiness)
        .containsExactly(
            new ReadinessSettings.Pushed(List.of("database", "services")),
            new ReadinessSettings.Http("/health", 200));
    assertThat(settings.routes())
        .containsExactly(
            new RouteSettings(
                "/chat/**",
                "chat",
                Holds.UPGRADES,
                Duration.ofSeconds(10),
                Set.of("https://a.example", "https://b.example")),
            new RouteSettings("/**", "api", Holds.ALL, null, Set.of("https://a.example")));
  }

  @Test
  void theUpstreamWithoutAnAddressIsTheChild() {
    String file =
        """
        upstreams:
          - {name: web, ready: notify}
          - {name: api, address: 9001}
        routes:
          - {path: /api/**, upstream: api}
          - {path: /**, upstream: web}
        """;
    Configuration configuration = Told.run().file(file).configuration();
    assertThat(configuration.run()).extracting(RunSettings::upstream).isEqualTo("web");

    assertThat(Told.gateway().file(file).mistakes())
        .contains(
            "vestibule.yaml:2: upstreams[0].address: nothing (expected: HOST:PORT or PORT,"
                + " the port 1..65535)");
    assertThat(Told.run().file(file.replace("ready: notify", "address: 9002")).mistakes())
        .singleElement()
        .asString()
        .startsWith("vestibule.yaml:2: upstreams[0]: addresses everywhere (expected:");
    assertThat(Told.run().file(file.replace(", address: 9001", "")).mistakes())
        .singleElement()
        .asString()
        .contains("vestibule.yaml:3: upstreams[1].address: nothing")
        .contains("run starts one server, web");
  }

  @Test
  void allMistakesAreNamedAtOnceWithTheirLines() {
    String file =
        """
        listen: localhost
        max-waitin: 5
        max-waiting: many
        grace: [1s]
        restart: 3
        upstreams:
          - name: chat
            address: 127.0.0.1:9000
            ready: tpc
          - name: chat
            address: nowhere.invalid:1
            adress: x
          - address: 9001
          - name: api
          - lonely
          - name: unreached
            address: 9003
        routes:
          - path: chat
            upstream: chatt
          - path: /x/**
            upstream: chat
            hold-at-most: 60s
          - path: /x/**
            origin: [https://a.example/, {a: b}]
          - upstream: api
        """;

    assertThat(Told.gateway().file(file).flag(Key.READY, "tcp").flag(Key.HOLD, "all").mistakes())
        .contains(
            "vestibule.yaml:1: listen: localhost (expected: HOST:PORT, :PORT or PORT, the port"
                + " 0..65535)",
            "vestibule.yaml:3: max-waiting: many (expected: >= 0)",
            "vestibule.yaml:4: grace: a list (expected: a duration such as 500ms, 30s or 5m,"
                + " 0s..1h)",
            "vestibule.yaml:5: restart: 3 (expected: nothing: gateway starts no server, run does)",
            "vestibule.yaml:9: upstreams[0].ready: tpc (expected: tcp, http:/path[=STATUS], notify"
                + " or push:PHASE[,PHASE...])",
            "vestibule.yaml:10: upstreams[1].name: chat (expected: 1 to 64 letters, digits, dots,"
                + " hyphens and underscores, used once)",
            "vestibule.yaml:11: upstreams[1].address: nowhere.invalid:1 (expected: a host that"
                + " resolves)",
            "vestibule.yaml:12: upstreams[1].adress (expected: one of address, answer-timeout,"
                + " connect-timeout, name, pace, probe-interval, ready)",
            "vestibule.yaml:13: upstreams[2].name: nothing (expected: 1 to 64 letters, digits,"
                + " dots, hyphens and underscores, used once)",
            "vestibule.yaml:14: upstreams[3].address: nothing (expected: HOST:PORT or PORT, the"
                + " port 1..65535)",
            "vestibule.yaml:15: upstreams[4]: lonely (expected: keys and values)",
            "vestibule.yaml:16: upstreams[5].name: unreached (expected: an upstream that a route"
                + " leads to)",
            "vestibule.yaml:19: routes[0].path: chat (expected: a pattern that begins with /, *"
                + " only as a whole segment, ** only as the last one, used once)",
            "vestibule.yaml:20: routes[0].upstream: chatt (expected: one of chat, api,"
                + " unreached)",
            "vestibule.yaml:23: routes[1].hold-at-most: 60s (expected: no longer than the"
                + " gateway's own hold-at-most)",
            "vestibule.yaml:24: routes[2].path: /x/** (expected: a pattern that begins with /, *"
                + " only as a whole segment, ** only as the last one, used once)",
            "vestibule.yaml:25: routes[2].origin[0]: https://a.example/ (expected: scheme, host"
                + " and port alone, such as https://chat.example)",
            "vestibule.yaml:25: routes[2].origin[1]: keys and values (expected: scheme, host and"
                + " port alone, such as https://chat.example)",
            "vestibule.yaml:24: routes[2].upstream: nothing (expected: one of chat, api,"
                + " unreached)",
            "vestibule.yaml:26: routes[3].path: nothing (expected: a pattern that begins with /, *"
                + " only as a whole segment, ** only as the last one, used once)",
            "--ready: tcp (expected: nothing, since the file has upstreams and says it there)",
            "--hold: all (expected: nothing, since the file has routes and says it there)")
        .anyMatch(
            mistake -> mistake.startsWith("vestibule.yaml:2: max-waitin (expected: one of access"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "~a: &x [1]\nlisten: *x~|vestibule.yaml:1: &x (expected: no anchors)",
        "~listen: *x~|vestibule.yaml:1: *x (expected: no aliases)",
        "~listen: !!java.net.URL x~|vestibule.yaml:1: tag:yaml.org,2002:java.net.URL (expected: no tags)",
        "~listen: 1\nlisten: 2~|vestibule.yaml:2: listen: again (expected: once; it is in line 1 too)",
        "~listen: 1\n---\nlisten: 2~|vestibule.yaml:2: a second document (expected: one)",
        "~[[[[[[[[[[[[1]]]]]]]]]]]]~|vestibule.yaml:1: nested 9 deep (expected: <= 8)",
        "~? [a]\n: b~|vestibule.yaml:1: a list or map as a key (expected: a name)",
        "~- a~|vestibule.yaml:1: a list (expected: keys and values)",
        "~upstreams: chat~|vestibule.yaml:1: upstreams: chat (expected: a list of one or more)",
        "~routes: []~|vestibule.yaml:1: routes: an empty list (expected: a list of one or more)",
        "~listen: a: b~|vestibule.yaml:1: mapping values are not allowed here (expected: YAML)",
      })
  void whatCannotBeReadIsNamed(String text, String mistake) {
    Mistakes mistakes = new Mistakes();
    SettingsFile.parse(Told.FILE, text, mistakes);
    assertThat(mistakes.all()).contains(mistake);
  }

  @Test
  void anEmptyFileSaysNothing() {
    assertThat(Told.run().file("").settings()).isEqualTo(Told.run().settings());
    assertThat(Told.run().file("# listen: 1\n").settings()).isEqualTo(Told.run().settings());
  }

  @Test
  void aFileThatIsNoneIsNamed(@TempDir Path directory) throws IOException {
    Path large = Files.write(directory.resolve("large"), new byte[SettingsFile.LARGEST + 1]);
    Path latin =
        Files.write(directory.resolve("latin"), "a: \u00e9".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(read(large)).contains("a file of at most 1048576 bytes");
    assertThat(read(Path.of("/dev/zero"))).contains("a file of at most 1048576 bytes");
    assertThat(read(latin)).contains("a file in UTF-8");
    assertThat(read(directory.resolve("none"))).contains("a file that exists");
    assertThat(read(directory)).contains("a file that can be read");
  }

  private static String read(Path path) {
    Mistakes mistakes = new Mistakes();
    SettingsFile.read(Said.byFlag(Key.CONFIG, path.toString()), mistakes);
    assertThat(mistakes.all()).singleElement().asString().startsWith("--config: " + path);
    return mistakes.all().getFirst();
  }
}
