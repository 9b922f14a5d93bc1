package dev.vestibule.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.gateway.config.AdminSettings;
import dev.vestibule.gateway.config.AdminSettings.AccessLogFormat;
import dev.vestibule.gateway.config.AdminSettings.ReadyWhen;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ProbesTest {

  private final House house = new House();
  private final HttpClient client = HttpClient.newHttpClient();
  private Admin admin = open(ReadyWhen.OPEN);

  private Admin open(ReadyWhen when) {
    try {
      return house.open(
          new AdminSettings(null, null, House.ANY_PORT, when, AccessLogFormat.OFF), null);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void reopen(ReadyWhen when) {
    admin.close();
    admin = open(when);
  }

  @AfterEach
  void close() {
    admin.close();
    house.close();
    client.close();
  }

  private InetSocketAddress at() {
    return Objects.requireNonNull(admin.probes());
  }

  private HttpResponse<String> ask(String method, String path, String accept) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + at().getPort() + path);
    return client.send(
        HttpRequest.newBuilder(uri)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header("Accept", accept)
            .build(),
        BodyHandlers.ofString());
  }

  private int status(String path) throws Exception {
    return ask("GET", path, "*/*").statusCode();
  }

  private void start() {
    house.shop.start();
    house.app.start();
  }

  private void shopIsReady() {
    house.shop.ready(house.shop.startup());
  }

  private void appIsReady() {
    house.app.ready(house.app.startup());
  }

  @Test
  void startedOnceEachUpstreamWasReadyAndFromThenOnForGood() throws Exception {
    assertThat(status("/startupz")).isEqualTo(503);
    start();
    shopIsReady();
    assertThat(status("/startupz")).isEqualTo(503);
    // What was ready once counts, though it is away when the other one comes.
    house.shop.lost(house.shop.startup(), new IllegalStateException("killed"));
    appIsReady();
    assertThat(status("/startupz")).isEqualTo(200);
    house.app.lost(house.app.startup(), new IllegalStateException("killed"));
    assertThat(status("/startupz")).isEqualTo(200);
    house.draining = true;
    assertThat(status("/startupz")).isEqualTo(200);
    assertThat(status("/livez")).isEqualTo(200);
  }

  @Test
  void aStartThatWasReplacedBeforeItWasReadyDoesNotCount() throws Exception {
    start();
    appIsReady();
    var first = house.shop.startup();
    house.shop.starts(House.ANY_PORT);
    house.shop.ready(first);
    assertThat(status("/startupz")).isEqualTo(503);
    shopIsReady();
    assertThat(status("/startupz")).isEqualTo(200);
  }

  @Test
  void readyWhenOpenFollowsEachRoute() throws Exception {
    start();
    assertThat(status("/readyz")).isEqualTo(503);
    shopIsReady();
    assertThat(status("/readyz")).isEqualTo(503);
    appIsReady();
    assertThat(status("/readyz")).isEqualTo(200);
    house.shop.lost(house.shop.startup(), new IllegalStateException("killed"));
    assertThat(status("/readyz")).isEqualTo(503);
    shopIsReady();
    assertThat(status("/readyz")).isEqualTo(200);
    house.draining = true;
    assertThat(status("/readyz")).isEqualTo(503);
  }

  @Test
  void readyWhenHoldingIsYesUntilSomebodyIsRefused() throws Exception {
    reopen(ReadyWhen.HOLDING);
    start();
    assertThat(status("/readyz")).isEqualTo(200);
    house.shop.gaveUp(new IllegalStateException("too many restarts"));
    assertThat(status("/readyz")).isEqualTo(503);
    house.shop.starts(House.ANY_PORT);
    assertThat(status("/readyz")).isEqualTo(200);
    house.app.gate().drain();
    assertThat(status("/readyz")).isEqualTo(503);
  }

  @Test
  void asJsonPhasesOfEachUpstreamWithoutCauses() throws Exception {
    start();
    house.shop.startup().signal("cache").ready();
    house.shop.startup().signal("database").failed(new IllegalStateException("secret"));
    HttpResponse<String> answer = ask("GET", "/startupz", "application/json");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(answer.body())
        .startsWith("{\"state\":\"FAILED\",\"started\":false,\"upstreams\":[")
        .contains("{\"name\":\"shop\",\"state\":\"FAILED\"")
        .contains("{\"name\":\"database\",\"state\":\"FAILED\"")
        .contains("{\"name\":\"cache\",\"state\":\"READY\"")
        .contains("{\"name\":\"app\",\"state\":\"RUNNING\"")
        .doesNotContain("secret");
  }

  @Test
  void aBrowserGetsTheWaterfallWithoutCauses() throws Exception {
    start();
    house.shop.startup().signal("database").failed(new IllegalStateException("secret"));
    HttpResponse<String> answer = ask("GET", "/startupz", "text/html,*/*;q=0.8");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Content-Type")).contains("text/html;charset=utf-8");
    assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
        .startsWith("default-src 'none'");
    assertThat(answer.body())
        .contains("<main data-live=\"asked\" data-state=\"failed\">", "<h2>shop</h2>", "<svg ")
        .contains("The reason is in the log and on the admin side.")
        .doesNotContain("secret");
  }

  @Test
  void headHasNoBodyAndNothingElseIsAnswered() throws Exception {
    start();
    HttpResponse<String> head = ask("HEAD", "/startupz", "*/*");
    assertThat(head.statusCode()).isEqualTo(503);
    assertThat(head.body()).isEmpty();
    HttpResponse<String> post = ask("POST", "/readyz", "*/*");
    assertThat(post.statusCode()).isEqualTo(405);
    assertThat(post.headers().firstValue("Allow")).contains("GET, HEAD");
    assertThat(post.headers().firstValue("Content-Type")).contains("application/problem+json");
    for (String path :
        new String[] {"/", "/waiters", "/phases", "/metrics", "/settings", "/livez/"}) {
      assertThat(status(path)).as(path).isEqualTo(404);
    }
  }
}
