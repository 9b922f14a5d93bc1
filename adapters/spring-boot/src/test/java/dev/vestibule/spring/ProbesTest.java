package dev.vestibule.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Startup;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ConfigurableApplicationContext;

class ProbesTest {

  @Test
  void readyIsWhenEveryRouteIsOpen() throws Exception {
    try (Running running = Running.start(App.class)) {
      running.lastStep.awaitReached();
      int port = running.port();
      assertThat(Client.get(port, "/livez").statusCode()).isEqualTo(200);
      assertThat(Client.get(port, "/readyz").statusCode()).isEqualTo(503);
      HttpResponse<String> startup = Client.get(port, "/startupz");
      assertThat(startup.statusCode()).isEqualTo(503);
      assertThat(startup.headers().firstValue("cache-control")).contains("no-store");
      assertThat(startup.body())
          .startsWith("{\"state\":\"RUNNING\"")
          .contains("\"name\":\"application\",\"state\":\"RUNNING\"");

      running.lastStep.finish();
      running.context();

      assertThat(Client.get(port, "/readyz").statusCode()).isEqualTo(200);
      assertThat(Client.get(port, "/startupz").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void holdingIsReadyAtOnceButNotWhenTheRouteRefuses() throws Exception {
    Startup own = Startup.define().phase("services", phase -> phase.signalled()).build();
    VestibuleApplication application = VestibuleApplication.of(App.class).startup(own);
    try (Running running = Running.start(application, "--vestibule.ready.when=holding")) {
      running.lastStep.awaitReached();
      assertThat(Client.get(running.port(), "/readyz").statusCode()).isEqualTo(200);
      assertThat(Client.get(running.port(), "/startupz").statusCode()).isEqualTo(503);
      running.lastStep.finish();
      running.context();

      own.signal("services").failed(new IllegalStateException("no services"));

      assertThat(Client.get(running.port(), "/readyz").statusCode()).isEqualTo(503);
      assertThat(Client.get(running.port(), "/livez").statusCode()).isEqualTo(200);
      assertThat(Client.at(running.port(), "/chat").refusal()).isEqualTo(503);
    }
  }

  @Test
  void headAnswersWithoutABodyAndPostIsNotAllowed() throws Exception {
    try (Running running = Running.start(App.class)) {
      running.lastStep.finish();
      running.context();
      HttpResponse<String> head = Client.send("HEAD", running.port(), "/startupz", "*/*");
      assertThat(head.statusCode()).isEqualTo(200);
      assertThat(head.body()).isEmpty();
      assertThat(head.headers().firstValueAsLong("content-length").orElse(0)).isPositive();
      HttpResponse<String> post = Client.send("POST", running.port(), "/livez", "*/*");
      assertThat(post.statusCode()).isEqualTo(405);
      assertThat(post.headers().firstValue("allow")).contains("GET, HEAD");
    }
  }

  @Test
  void aBrowserSeesTheWaterfall() throws Exception {
    try (Running running = Running.start(App.class)) {
      running.lastStep.awaitReached();
      HttpResponse<String> page =
          Client.send("GET", running.port(), "/startupz", "text/html,application/xml;q=0.9");
      assertThat(page.statusCode()).isEqualTo(503);
      assertThat(page.headers().firstValue("content-type")).contains("text/html;charset=utf-8");
      assertThat(page.headers().firstValue("content-security-policy").orElse(""))
          .startsWith("default-src 'none'; style-src 'sha256-")
          .contains("script-src 'sha256-", "connect-src 'self';")
          .doesNotContain("unsafe");
      assertThat(page.body())
          .contains("<noscript><meta http-equiv=\"refresh\" content=\"2\"></noscript>")
          .contains("</span>application<span", ">running</td>", "<rect class=\"running\"")
          .doesNotContain("{{", "style=\"", " onclick", "src=");
      running.lastStep.finish();
      running.context();
      assertThat(Client.send("GET", running.port(), "/startupz", "text/html").body())
          .contains("Startup: complete")
          .doesNotContain("http-equiv=\"refresh\"");
    }
  }

  @Test
  void springAndTheProbesAgree() throws Exception {
    try (Running running = Running.start(App.class)) {
      running.lastStep.finish();
      ConfigurableApplicationContext context = running.context();
      ApplicationAvailability springs = context.getBean(ApplicationAvailability.class);
      int port = running.port();
      assertThat(springs.getReadinessState()).isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);

      AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
      assertThat(Client.get(port, "/readyz").statusCode()).isEqualTo(503);
      AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
      assertThat(Client.get(port, "/readyz").statusCode()).isEqualTo(200);
      AvailabilityChangeEvent.publish(context, LivenessState.BROKEN);
      assertThat(Client.get(port, "/livez").statusCode()).isEqualTo(503);

      running.startup().signal("application").lost(new IllegalStateException("gone"));
      assertThat(springs.getReadinessState()).isEqualTo(ReadinessState.REFUSING_TRAFFIC);
      assertThat(Client.get(port, "/readyz").statusCode()).isEqualTo(503);
      running.startup().signal("application").regained();
      assertThat(springs.getReadinessState()).isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);
      assertThat(Client.get(port, "/readyz").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void springIsNotReadyBeforeTheGateIs() throws Exception {
    Startup own = Startup.define().phase("services", phase -> phase.signalled()).build();
    try (Running running = Running.start(VestibuleApplication.of(App.class).startup(own))) {
      running.lastStep.finish();
      ApplicationAvailability springs = running.context().getBean(ApplicationAvailability.class);
      assertThat(springs.getReadinessState()).isEqualTo(ReadinessState.REFUSING_TRAFFIC);
      own.signal("services").ready();
      assertThat(springs.getReadinessState()).isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);
    }
  }
}
