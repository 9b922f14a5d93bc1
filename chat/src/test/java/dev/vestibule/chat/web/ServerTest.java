package dev.vestibule.chat.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Door;
import dev.vestibule.StartupState;
import dev.vestibule.chat.ChatServer;
import dev.vestibule.chat.House;
import dev.vestibule.chat.ManualClock;
import dev.vestibule.chat.Settings;
import dev.vestibule.chat.Surroundings;
import dev.vestibule.chat.phases.PhaseNames;
import dev.vestibule.chat.signin.Session;
import dev.vestibule.testkit.RawClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * One real server for all tests. Its phase services is held until the first test, which needs it to
 * be, lets it go on.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ServerTest {

  private static final ManualClock CLOCK = new ManualClock();
  private static final CountDownLatch GO_ON = new CountDownLatch(1);

  private static ChatServer server;
  private static House house;
  private static int port;

  private Browser browser;

  @BeforeAll
  static void start(@TempDir Path data) throws Exception {
    Settings settings =
        new Settings(
            0,
            InetAddress.getLoopbackAddress(),
            data.resolve("house"),
            Map.of(PhaseNames.SERVICES, Duration.ofMinutes(1)),
            Set.of("https://chat.example"),
            Surroundings.DEFAULT,
            null,
            null,
            0);
    Door door = Door.open(new InetSocketAddress(settings.address(), 0), 128);
    port = door.port();
    house = new House(settings, "ada", CLOCK, time -> GO_ON.await());
    server = ChatServer.run(house, door, false);
    house.startup().await(PhaseNames.DATABASE);
    house.startup().await(PhaseNames.WEBSOCKET);
  }

  @AfterAll
  static void stop() {
    server.close();
    assertThat(house.settings().data().resolve("history"))
        .content()
        .as("what the test kept; not the start itself, which was slow on purpose")
        .containsPattern("\n[0-9a-f]{16} .* complete .* database=.* services=.*\nend 1\n");
  }

  @BeforeEach
  void open() {
    browser = new Browser(port);
  }

  @AfterEach
  void close() {
    browser.close();
  }

  private void signIn() throws Exception {
    browser.get("/api/me");
    String token = house.links().issue("ada");
    assertThat(browser.post("/api/sign-in/link", "{\"token\":\"" + token + "\"}").statusCode())
        .isEqualTo(204);
  }

  private Browser.Page enter() throws Exception {
    return browser.knock().get(20, TimeUnit.SECONDS);
  }

  private static String send(UUID id, String text) {
    return "{\"type\":\"send\",\"id\":\"%s\",\"conversation\":null,\"text\":\"%s\"}"
        .formatted(id, text);
  }

  @Test
  @Order(1)
  void whileServicesStartStrangersAreTurnedAwayAndMembersWait() throws Exception {
    assertThat(house.startup().snapshot().state()).isEqualTo(StartupState.RUNNING);
    assertThat(Browser.refusal(browser.knock())).isEqualTo(401);
    browser.session = house.tokens().issue("ada") + "x";
    assertThat(Browser.refusal(browser.knock())).isEqualTo(401);
    signIn();
    browser.origin = "http://evil.example";
    assertThat(Browser.refusal(browser.knock())).isEqualTo(403);
    assertThat(house.gate().snapshot().waiting()).isZero();

    assertThat(browser.get("/startupz").statusCode()).isEqualTo(503);
    assertThat(browser.get("/livez").statusCode()).isEqualTo(200);
    assertThat(browser.get("/api/me").statusCode()).isEqualTo(200);
    assertThat(browser.get("/api/conversations").statusCode()).isEqualTo(200);

    browser.origin = "https://chat.example";
    CompletableFuture<Browser.Page> member = browser.knock();
    Browser signedOut = new Browser(port);
    signedOut.session = house.tokens().issue("ada");
    CompletableFuture<Browser.Page> revoked = signedOut.knock();
    while (house.gate().snapshot().waiting() < 2) {
      Thread.onSpinWait();
    }
    URI admin = URI.create(Objects.requireNonNull(server.adminUrl()));
    assertThat(new Browser(admin.getPort()).get(admin.getPath()).body())
        .contains("\"waiting\":2", "\"client\":\"127.0.0.1\"");
    assertThat(browser.get("/startupz").body()).doesNotContain("waiting", "client");
    house.revocations().revoke(Objects.requireNonNull(house.tokens().check(signedOut.session)));
    GO_ON.countDown();

    assertThat(member.get(20, TimeUnit.SECONDS).next().get("user").stringValue()).isEqualTo("ada");
    assertThat(Browser.refusal(revoked)).isEqualTo(401);
    assertThat(house.startup().completion().toCompletableFuture().get(20, TimeUnit.SECONDS).state())
        .isEqualTo(StartupState.COMPLETE);
    assertThat(browser.get("/startupz").statusCode()).isEqualTo(200);
    signedOut.close();
  }

  @Test
  @Order(2)
  void aForeignOriginAndAStrangerAreTurnedAwayFromAnOpenDoorToo() throws Exception {
    assertThat(Browser.refusal(browser.knock())).isEqualTo(401);
    signIn();
    browser.origin = "http://evil.example";
    assertThat(Browser.refusal(browser.knock())).isEqualTo(403);
    assertThat(Browser.refusal(browser.knock("/%63hat"))).isEqualTo(403);
    browser.origin = "http://127.0.0.1:1";
    assertThat(Browser.refusal(browser.knock())).isEqualTo(403);
    for (String origin : new String[] {"http://localhost:", "http://[::1]:"}) {
      browser.origin = origin + port;
      assertThat(Browser.refusal(browser.knock())).isEqualTo(101);
    }
  }

  @Test
  @Order(2)
  void aQuestionIsAnsweredAndStored() throws Exception {
    signIn();
    Browser.Page page = enter();
    UUID id = UUID.randomUUID();
    page.say(send(id, "How long did each startup phase take?"));

    assertThat(page.next().get("type").stringValue()).isEqualTo("hello");
    JsonNode accepted = page.next();
    assertThat(accepted.get("id").stringValue()).isEqualTo(id.toString());
    for (String event :
        new String[] {"agent_started", "agent_thinking", "tool_executing", "tool_completed"}) {
      assertThat(page.next().get("event").stringValue()).isEqualTo(event);
    }
    JsonNode end = page.until("agent_completed");
    assertThat(end.get("detail").get("text").stringValue()).contains("| services | ready |");

    HttpResponse<String> stored =
        browser.get("/api/conversations/" + accepted.get("conversation").stringValue());
    assertThat(stored.statusCode()).isEqualTo(200);
    assertThat(stored.body()).contains("services | ready").contains("\"state\":\"complete\"");
    assertThat(browser.get("/api/conversations").body()).contains("\"updatedAt\":\"2026-11-23T12");
  }

  @Test
  @Order(2)
  void whatIsAnothersIsNotThere() throws Exception {
    signIn();
    Browser.Page page = enter();
    page.say(send(UUID.randomUUID(), "mine"));
    String conversation = page.until("accepted").get("conversation").stringValue();
    browser.session = house.tokens().issue("grace");

    assertThat(browser.get("/api/conversations/" + conversation).statusCode()).isEqualTo(404);
    assertThat(browser.get("/api/conversations/x").statusCode()).isEqualTo(404);
    assertThat(browser.get("/api/conversations").body()).isEqualTo("[]");
  }

  @Test
  @Order(2)
  void aFrameThatIsTooLargeClosesWith1009() throws Exception {
    signIn();
    Browser.Page page = enter();
    page.say("x".repeat(64 * 1024));
    assertThat(page.until("error").get("detail").stringValue())
        .isEqualTo("This frame is not JSON.");
    page.say("x".repeat(64 * 1024 + 1));

    assertThat(page.closed.get(20, TimeUnit.SECONDS)).isEqualTo(1009);
  }

  @Test
  @Order(2)
  void signingOutRevokesTheCookieAndClosesItsSockets() throws Exception {
    signIn();
    Browser.Page page = enter();
    page.until("hello");
    String before = browser.session;
    HttpResponse<String> out = browser.post("/api/sign-out", "");

    assertThat(out.statusCode()).isEqualTo(204);
    assertThat(browser.session).isEmpty();
    assertThat(page.closed.get(20, TimeUnit.SECONDS)).isEqualTo(4401);
    browser.session = before;
    assertThat(browser.get("/api/me").statusCode()).isEqualTo(401);
    assertThat(Browser.refusal(browser.knock())).isEqualTo(401);
    assertThat(browser.post("/api/sign-out", "").statusCode()).isEqualTo(204);
  }

  @Test
  @Order(2)
  void stateIsChangedWithTheCsrfTokenAlone() throws Exception {
    String token = house.links().issue("ada");
    String body = "{\"token\":\"" + token + "\"}";
    HttpResponse<String> without = browser.post("/api/sign-in/link", body);
    assertThat(without.statusCode()).isEqualTo(403);
    assertThat(without.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    browser.csrf = "guessed";
    browser.get("/api/me");
    String real = browser.csrf;
    browser.origin = "http://evil.example";
    assertThat(browser.post("/api/sign-in/link", body).statusCode()).isEqualTo(403);

    browser.origin = "http://localhost:" + port;
    browser.csrf = real;
    assertThat(browser.post("/api/sign-in/link", body).statusCode()).isEqualTo(204);
    assertThat(browser.post("/api/sign-in/link", body).statusCode()).isEqualTo(401);
  }

  @Test
  @Order(2)
  void thePasswordSignsInUntilThereWereTooManyWrongOnes() throws Exception {
    house.users().add("mary", house.passwords().encode("frankenstein"));
    browser.get("/api/me");
    HttpResponse<String> right = password("mary", "frankenstein");
    assertThat(right.statusCode()).isEqualTo(204);
    assertThat(right.headers().allValues("Set-Cookie").toString())
        .contains("HttpOnly")
        .contains("SameSite=Lax")
        .contains("Path=/")
        .doesNotContain("Secure");
    Session session = Objects.requireNonNull(house.tokens().check(browser.session));
    assertThat(session.user()).isEqualTo("mary");

    HttpResponse<String> wrong = password("mary", "dracula12");
    HttpResponse<String> unknown = password("bram", "dracula12");
    assertThat(wrong.statusCode()).isEqualTo(401);
    assertThat(unknown.body()).isEqualTo(wrong.body());
    for (int i = 1; i < dev.vestibule.chat.signin.Passwords.PER_NAME; i++) {
      password("mary", "dracula12");
    }
    HttpResponse<String> tooMany = password("mary", "frankenstein");
    assertThat(tooMany.statusCode()).isEqualTo(429);
    assertThat(tooMany.headers().firstValue("Retry-After")).hasValue("900");
  }

  private HttpResponse<String> password(String name, String password) throws Exception {
    return browser.post(
        "/api/sign-in/password", "{\"name\":\"%s\",\"password\":\"%s\"}".formatted(name, password));
  }

  @Test
  @Order(2)
  void theCookieIsSecureWhenThePageCameOverHttps() throws Exception {
    browser.get("/api/me");
    browser.origin = "https://chat.example";
    String token = house.links().issue("ada");
    assertThat(
            browser
                .post("/api/sign-in/link", "{\"token\":\"" + token + "\"}")
                .headers()
                .allValues("Set-Cookie")
                .toString())
        .contains("Secure");
  }

  @Test
  @Order(2)
  void errorsAreProblemsAndGiveNothingAway() throws Exception {
    signIn();
    for (HttpResponse<String> response :
        List.of(
            browser.get("/nothing/here"),
            browser.get("/error"),
            browser.post("/api/sign-in/link", "{"),
            browser.post("/api/me", "{}"),
            browser.post("/api/sign-in/link", "\"" + "x".repeat(20_000) + "\""))) {
      assertThat(response.statusCode()).isBetween(400, 499);
      assertThat(response.headers().firstValue("Content-Type"))
          .hasValue("application/problem+json");
      assertThat(response.body()).doesNotContain("Exception").doesNotContain("\\tat ");
    }
  }

  @Test
  @Order(2)
  void browsersAreToldWhatThePageMayDo() throws Exception {
    HttpResponse<String> script = browser.get("/webjars/marked/lib/marked.esm.js");
    var headers = script.headers();
    assertThat(script.statusCode()).as(headers.map().toString()).isEqualTo(200);
    assertThat(headers.firstValue("Content-Security-Policy"))
        .hasValue(
            "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:;"
                + " frame-ancestors 'none'");
    assertThat(headers.firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(headers.firstValue("Referrer-Policy")).hasValue("no-referrer");
    assertThat(headers.firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/javascript"));
    assertThat(browser.get("/webjars/dompurify/dist/purify.es.mjs").statusCode()).isEqualTo(200);
  }

  @Test
  @Order(3)
  void theFiguresAreOnTheAdminSideAlone() throws Exception {
    int admin = adminPort();
    assertThat(get(admin, "/metrics", "127.0.0.1:" + admin))
        .contains(" 200 ")
        .contains("vestibule_phase_state{phase=\"services\",state=\"ready\"} 1.0")
        .contains("vestibule_wait_seconds_count{outcome=\"admitted\",route=\"/chat\"} ")
        .contains("vestibule_connect_seconds_count{outcome=\"opened\",route=\"/chat\"} ")
        .contains("chat_answer_seconds_count{assistant=\"guide\",outcome=\"complete\"} ")
        .contains("vestibule_closes_total{code=\"1009\"} 1.0");
    assertThat(get(admin, "/metrics", "chat.example")).contains(" 421 ").doesNotContain("_total");
    for (String host : List.of("127.0.0.1:" + port, "[::1]", "127.0.0.1:" + admin)) {
      assertThat(get(port, "/metrics", host)).contains(" 404 ").doesNotContain("vestibule_");
    }
    assertThat(get(admin, "/startupz", "localhost")).contains("{\"path\":\"/metrics\"}");
  }

  @Test
  @Order(3)
  void theAdminSideShowsStartsThatTheHouseRemembers() throws Exception {
    assertThat(get(adminPort(), "/startupz", "localhost"))
        .as("this one was slow on purpose")
        .contains("\"pastStarts\":[]");
    house.history().keep(house.startup().snapshot());
    assertThat(get(adminPort(), "/startupz", "localhost"))
        .contains("\"pastStarts\":[{\"at\":\"" + CLOCK.instant() + "\",\"state\":\"COMPLETE\",");
  }

  private static int adminPort() {
    return URI.create(Objects.requireNonNull(server.adminUrl())).getPort();
  }

  private static String get(int at, String path, String host) throws Exception {
    try (RawClient client = RawClient.connect(at)) {
      return client
          .send(
              RawClient.request("GET " + path + " HTTP/1.1", "Host: " + host, "Connection: close"))
          .readToEnd();
    }
  }
}
