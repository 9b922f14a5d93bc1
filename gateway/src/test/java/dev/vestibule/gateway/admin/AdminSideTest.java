package dev.vestibule.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vestibule.Arrival;
import dev.vestibule.environment.EffectiveSettings;
import dev.vestibule.gateway.config.AdminSettings;
import dev.vestibule.gateway.config.AdminSettings.AccessLogFormat;
import dev.vestibule.gateway.config.AdminSettings.ReadyWhen;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AdminSideTest {

  @TempDir private Path directory;

  private final House house = new House();
  private Path socket = Path.of("");
  private Admin admin = open(AdminSettings.NONE, null);

  private Admin open(AdminSettings settings, @Nullable EffectiveSettings effective) {
    try {
      return house.open(settings, effective);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void open() {
    socket = directory.resolve("run/admin.sock");
    EffectiveSettings effective =
        new EffectiveSettings("settings")
            .add("listen", "0.0.0.0:8080", "--listen")
            .add("some.password", "hunter2", "vestibule.yaml");
    admin =
        open(new AdminSettings(socket, 0, null, ReadyWhen.OPEN, AccessLogFormat.OFF), effective);
    house.shop.start();
    house.app.start();
  }

  @AfterEach
  void close() {
    admin.close();
    house.close();
  }

  private InetSocketAddress port() {
    return Objects.requireNonNull(admin.port());
  }

  private String onPort(String head) throws IOException {
    try (Raw raw = Raw.to(port())) {
      return raw.send(head + "\r\n\r\n").answer();
    }
  }

  @Test
  void theSocketIsForItsOwnerAloneAndGoesWithIt() throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.getParent())))
        .isEqualTo("rwx------");
    assertThat(Raw.ask(socket, "/")).startsWith("HTTP/1.1 200 ");
    admin.close();
    assertThat(socket).doesNotExist();
    assertThatThrownBy(() -> Raw.to(port())).isInstanceOf(IOException.class);
  }

  @Test
  void onThePortOnlyNamesOfLoopbackAreAnswered() throws Exception {
    int port = port().getPort();
    for (String known :
        new String[] {
          "localhost", "127.0.0.1", "[::1]", "LOCALHOST:" + port, "127.0.0.1:" + port, "[::1]:1"
        }) {
      assertThat(onPort("GET /sessions HTTP/1.1\r\nHost: " + known))
          .as(known)
          .startsWith("HTTP/1.1 200 ");
    }
    for (String strange :
        new String[] {
          "evil.example",
          "127.0.0.1.evil.example",
          "localhost:80:80",
          "::1",
          "",
          "localhost.",
          "evil.example#localhost",
          "127.0.0.1:" + port + "\r\nHost: evil.example"
        }) {
      assertThat(onPort("GET /sessions HTTP/1.1\r\nHost: " + strange))
          .as(strange)
          .matches("(?s)HTTP/1.1 4(21|00) .*");
      assertThat(
              onPort(
                  "POST /phases HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 0\r\nHost: "
                      + strange))
          .as(strange)
          .matches("(?s)HTTP/1.1 4(21|00) .*");
    }
    assertThat(onPort("GET /sessions HTTP/1.0\r\nX: y")).startsWith("HTTP/1.1 421 ");
    // No page in a browser can ask a Unix socket.
    try (Raw raw = Raw.to(socket)) {
      assertThat(raw.send("GET /sessions HTTP/1.1\r\nHost: any.name\r\n\r\n").answer())
          .startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void onThePortNothingIsPushedThatAPageCouldSendUnasked() throws Exception {
    String push = "{\"phase\":\"cache\",\"state\":\"READY\"}";
    for (String type :
        new String[] {
          "text/plain",
          "application/x-www-form-urlencoded",
          "multipart/form-data",
          "text/plain; application/json",
          ""
        }) {
      try (Raw raw = Raw.to(port())) {
        String answer =
            raw.send(
                    "POST /phases HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                        + type
                        + "\r\nContent-Length: "
                        + push.length()
                        + "\r\n\r\n"
                        + push)
                .answer();
        assertThat(answer).as(type).startsWith("HTTP/1.1 415 ");
      }
    }
    assertThat(onPort("OPTIONS /phases HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example"))
        .startsWith("HTTP/1.1 405 ")
        .doesNotContainIgnoringCase("access-control");
    assertThat(house.shop.startup().snapshot().phase("cache").state().isSettled()).isFalse();
    try (Raw raw = Raw.to(port())) {
      assertThat(raw.post("/phases", push).answer()).startsWith("HTTP/1.1 204 ");
    }
    assertThat(house.shop.startup().snapshot().phase("cache").state().isSettled()).isTrue();
  }

  @Test
  void causesAreShownAndWhatIsInThemDoesNothing() throws Exception {
    house
        .shop
        .startup()
        .signal("database")
        .failed(new IllegalStateException("no route to <db> & \"more\""));
    assertThat(Raw.body(Raw.ask(socket, "/startupz")))
        .contains("\"failures\":[{\"phase\":\"database\"", "no route to <db> & \\\"more\\\"")
        .contains("\"routes\":[{\"route\":\"/shop/**\",\"state\":\"REFUSE\"");
    try (Raw raw = Raw.to(socket)) {
      String page =
          raw.send("GET / HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n").answer();
      assertThat(page)
          .startsWith("HTTP/1.1 200 ")
          .contains("no route to &lt;db&gt; &amp; &quot;more&quot;")
          .contains("<a href=\"/metrics\">");
    }
  }

  @Test
  void whoWaitsIsNamed() throws Exception {
    house.app.gate().admit(arrival("/a", "192.0.2.7"), admission -> {});
    house.time.advance(Duration.ofSeconds(2));
    house.shop.gate().admit(arrival("/shop/1", "2001:db8::1"), admission -> {});
    assertThat(Raw.body(Raw.ask(socket, "/waiters")))
        .startsWith("{\"waiting\":2,\"waiters\":[")
        .contains(
            "{\"upstream\":\"app\",\"route\":\"/**\",\"client\":\"192.0.2.7\",\"waitedMillis\":2000.000,\"leftMillis\":28000.000,\"bound\":\"GATE\"}")
        .contains("\"upstream\":\"shop\"", "\"client\":\"2001:db8:0:0:0:0:0:1\"");
  }

  private static Arrival arrival(String path, String client) throws IOException {
    return Arrival.at(path).from(InetAddress.getByName(client)).on(Runnable::run);
  }

  @Test
  void countsAndSettingsAndFiguresAreShown() throws Exception {
    house.sessionsOfApp = 2;
    admin.connectFailed("shop");
    admin.restarted("shop");
    admin.ended(Passages.session("app", 1000));
    assertThat(Raw.body(Raw.ask(socket, "/sessions")))
        .startsWith("{\"connections\":3,\"upstreams\":[")
        .contains("{\"name\":\"shop\",\"sessions\":0,\"connectFailures\":1,\"restarts\":1,")
        .contains("{\"name\":\"app\",\"sessions\":2,")
        .contains("\"upgrades\":{\"passed\":1,\"refused\":0,");
    assertThat(Raw.body(Raw.ask(socket, "/settings")))
        .contains("{\"key\":\"listen\",\"value\":\"0.0.0.0:8080\",\"source\":\"--listen\"}")
        .doesNotContain("hunter2");
    String figures = Raw.ask(socket, "/metrics");
    assertThat(figures).contains("content-type: text/plain; version=0.0.4; charset=utf-8");
    assertThat(figures)
        .contains("vestibule_gateway_connections 3.0")
        .contains("vestibule_sessions{upstream=\"app\"} 2.0");
  }

  @Test
  void nothingElseIsThere() throws Exception {
    assertThat(Raw.ask(socket, "/livez")).startsWith("HTTP/1.1 404 ");
    assertThat(Raw.ask(socket, "/../etc/passwd")).startsWith("HTTP/1.1 404 ");
    assertThat(Raw.ask(socket, "/phases")).startsWith("HTTP/1.1 405 ").contains("Allow: POST");
    try (Raw raw = Raw.to(socket)) {
      assertThat(raw.post("/metrics", "{}").answer())
          .startsWith("HTTP/1.1 405 ")
          .contains("Allow: GET, HEAD");
    }
  }

  @Test
  void withoutSettingsThereAreNone() throws Exception {
    admin.close();
    admin = open(new AdminSettings(socket, null, null, ReadyWhen.OPEN, AccessLogFormat.OFF), null);
    assertThat(Raw.ask(socket, "/settings")).startsWith("HTTP/1.1 404 ");
  }

  @Test
  void whatCannotListenIsNamedAndNothingStaysOpen() throws Exception {
    Path free = directory.resolve("free.sock");
    AdminSettings taken =
        new AdminSettings(
            free, port().getPort(), House.ANY_PORT, ReadyWhen.OPEN, AccessLogFormat.OFF);
    assertThatThrownBy(() -> house.open(taken, null))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("admin-port: ")
        .hasMessageContaining("(expected: an address of this machine and a port that is free)");
    AdminSettings inUse =
        new AdminSettings(socket, null, null, ReadyWhen.OPEN, AccessLogFormat.OFF);
    assertThatThrownBy(() -> house.open(inUse, null))
        .hasMessageContaining("admin-socket: ")
        .hasMessageContaining("not one where somebody listens");
    assertThat(free).doesNotExist();
    assertThat(Raw.ask(socket, "/")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void withoutAnyOfItNothingListens() {
    admin.close();
    admin = open(AdminSettings.NONE, null);
    admin.ended(Passages.session("app", 1000));
    assertThat(admin.probes()).isNull();
    assertThat(admin.port()).isNull();
    assertThat(socket).doesNotExist();
  }
}
