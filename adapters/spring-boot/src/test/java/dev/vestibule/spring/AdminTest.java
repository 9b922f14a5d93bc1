package dev.vestibule.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Startup;
import dev.vestibule.StartupState;
import dev.vestibule.history.PastStart;
import dev.vestibule.history.PhaseTime;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

@Timeout(60)
class AdminTest {

  private static final String ON = "--vestibule.admin.port=0";

  private static int adminPort(Running running) throws Exception {
    String url = running.context().getBean(AdminServer.class).url();
    assertThat(url).startsWith("http://127.0.0.1:").endsWith("/startupz");
    return URI.create(Objects.requireNonNull(url)).getPort();
  }

  /** The answer to a request whose every byte is the test's. */
  private static String raw(int port, String request) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private static String get(int port, String host) throws Exception {
    return raw(port, "GET /startupz HTTP/1.1\nHost: " + host + "\nConnection: close\n\n");
  }

  @Test
  void isOffUnlessAPortIsNamed() throws Exception {
    try (Running running = Running.start(App.class)) {
      running.lastStep.finish();
      assertThat(running.context().getBeanNamesForType(AdminServer.class)).isEmpty();
    }
  }

  @Test
  void answersKnownHostsAndGetAlone() throws Exception {
    try (Running running = Running.start(App.class, ON, "--vestibule.admin.hosts=Door.example")) {
      running.lastStep.finish();
      int port = adminPort(running);
      for (String host : List.of("localhost", "127.0.0.1:" + port, "[::1]", "door.EXAMPLE:80")) {
        assertThat(get(port, host)).as(host).startsWith("HTTP/1.1 200 ");
      }
      for (String host :
          List.of(
              "evil.example", "localhost.evil.example", "127.0.0.1.nip.io:" + port, "10.0.0.1")) {
        assertThat(get(port, host)).as(host).startsWith("HTTP/1.1 421 ").doesNotContain("phases");
      }
      assertThat(raw(port, "GET /startupz HTTP/1.0\n\n")).contains(" 421 ");
      for (String method : List.of("POST", "HEAD", "DELETE", "OPTIONS")) {
        assertThat(Client.send(method, port, "/startupz", "*/*").statusCode())
            .as(method)
            .isEqualTo(405);
      }
      assertThat(Client.get(port, "/nothing").statusCode()).isEqualTo(404);
      assertThat(Client.get(port, "/").headers().firstValue("location")).contains("/startupz");
    }
  }

  @Test
  void tellsWhoWaitsWhoWasRefusedAndWhyPhasesFailed() throws Exception {
    Startup own = Startup.define().phase("services", phase -> phase.signalled()).build();
    VestibuleApplication application =
        VestibuleApplication.of(App.class)
            .startup(own)
            .singleton("pastStarts", (PastStarts) AdminTest::earlier);
    try (Running running = Running.start(application, ON)) {
      running.lastStep.finish();
      int port = adminPort(running);
      Client client = Client.at(running.port(), "/chat");
      running.awaitWaiting(1);
      assertThat(Client.get(port, "/startupz").body())
          .contains("\"waiting\":1,\"waiters\":[{\"route\":\"/**\",\"client\":\"127.0.0.1\"")
          .contains("\"bound\":\"GATE\"", "\"refusals\":[]");
      String page = Client.send("GET", port, "/startupz", "text/html").body();
      assertThat(page).contains("<h2>Who waits</h2>", ">127.0.0.1</th>", "the gate&#39;s limit");

      own.signal("services").failed(new RuntimeException("outer", new Error("<disk> is full")));
      assertThat(client.refusal()).isEqualTo(503);

      assertThat(Client.get(port, "/startupz").body())
          .contains("\"failures\":[{\"phase\":\"services\",\"attempt\":1,\"attempts\":1,")
          .contains("\"cause\":\"java.lang.Error: <disk> is full\"")
          .contains("\"reason\":\"STARTUP_FAILED\",\"phase\":\"services\",\"client\":\"127.0.0.1\"")
          .contains("\"pastStarts\":[{\"at\":\"2026-01-02T03:04:05Z\",\"state\":\"DEGRADED\",")
          .contains("{\"name\":\"model\",\"end\":\"FAILED\",\"tookMillis\":1500.000}");
      page = Client.send("GET", port, "/startupz", "text/html").body();
      assertThat(page)
          .contains("Startup: failed (admin)", "java.lang.Error: &lt;disk&gt; is full")
          .contains(
              "services failed (STARTUP_FAILED)", "2026-01-02 03:04:05", "degraded", ">2.50 s</td>")
          .contains("cache not begun, model 1.50 s failed, services 2.50 s<");
      try (EventClient events = new EventClient(port, "/startupz?as=html")) {
        assertThat(events.next().data())
            .startsWith("<main data-live=\"true\"")
            .contains("&lt;disk&gt; is full");
      }
    }
  }

  private static List<PastStart> earlier(int most) {
    return List.of(
        new PastStart(
            "0123456789abcdef",
            Instant.parse("2026-01-02T03:04:05Z"),
            StartupState.DEGRADED,
            Duration.ofMillis(2500),
            new TreeMap<>(
                Map.of(
                    "model", new PhaseTime(PhaseTime.End.FAILED, 1_500_000),
                    "cache", new PhaseTime(PhaseTime.End.CUT, 0),
                    "services", new PhaseTime(PhaseTime.End.READY, 2_500_000)))));
  }

  @Test
  void tellsWhenWhatIsAwayIsExpectedBack() throws Exception {
    Startup own = Startup.define().phase("services", phase -> phase.signalled()).build();
    try (Running running = Running.start(VestibuleApplication.of(App.class).startup(own), ON)) {
      running.lastStep.finish();
      int port = adminPort(running);
      own.signal("services").ready();
      own.signal("services").lost(new IllegalStateException("open"), Duration.ofHours(1));
      assertThat(Client.get(port, "/startupz").body())
          .containsPattern("\"away\":\\[\\{\"phase\":\"services\",\"backInMillis\":3[56]\\d{5}\\.");
      assertThat(Client.send("GET", port, "/startupz", "text/html").body())
          .contains("<b>services</b>: not back before 60 min from now.");
      own.signal("services").regained();
      own.signal("services").lost(new IllegalStateException("gone"));
      assertThat(Client.send("GET", port, "/startupz", "text/html").body())
          .contains("<b>services</b>: nobody has said when it will be back.");
    }
  }

  @Test
  void showsWhatOthersMountAndSurvivesWhatTheyThrow() throws Exception {
    try (Running running = Running.start(Mounted.class, ON)) {
      running.lastStep.finish();
      int port = adminPort(running);
      assertThat(Client.get(port, "/figures").body()).isEqualTo("waiting 0");
      assertThat(Client.get(port, "/broken").statusCode()).isEqualTo(500);
      assertThat(Client.get(port, "/broken").body()).doesNotContain("at dev.vestibule");
      assertThat(Client.get(port, "/startupz").body())
          .contains("\"phases\"")
          .contains("\"mounted\":[{\"path\":\"/broken\"},{\"path\":\"/figures\"}]");
      assertThat(Client.send("GET", port, "/startupz", "text/html").body())
          .contains("<h2>Also here</h2>", "<a href=\"/figures\">/figures</a>");
      assertThat(Client.get(running.port(), "/startupz").body()).doesNotContain("mounted");
      assertThat(Client.get(running.port(), "/startupz").statusCode()).isEqualTo(200);
      assertThat(Client.get(running.port(), "/figures").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void aPortThatIsTakenDoesNotKeepTheServiceFromStarting() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Running running =
            Running.start(App.class, "--vestibule.admin.port=" + taken.getLocalPort())) {
      running.lastStep.finish();
      assertThat(running.context().getBean(AdminServer.class).url()).isNull();
      assertThat(Client.get(running.port(), "/startupz").statusCode()).isEqualTo(200);
    }
  }

  /** Two more parts of the admin side, one of them bad. */
  @Import(App.class)
  static class Mounted {

    @Bean
    AdminHandler figures() {
      return new AdminHandler(
          "/figures",
          new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
              response.write(true, java.nio.ByteBuffer.wrap("waiting 0".getBytes(UTF_8)), callback);
              return true;
            }
          });
    }

    @Bean
    AdminHandler broken() {
      return new AdminHandler(
          "/broken",
          new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
              throw new IllegalStateException("broken");
            }
          });
    }
  }
}
