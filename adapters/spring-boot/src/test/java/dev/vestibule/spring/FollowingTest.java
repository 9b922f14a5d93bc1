package dev.vestibule.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Startup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.ConfigurableApplicationContext;

/** Whoever follows a startup at the public port. */
@Timeout(60)
class FollowingTest {

  @Test
  void isToldFromRunningToCompleteAndThenNoMore() throws Exception {
    try (Running running = Running.start(App.class)) {
      running.lastStep.awaitReached();
      try (EventClient json = new EventClient(running.port(), "/startupz");
          EventClient html = new EventClient(running.port(), "/startupz?as=html")) {
        assertThat(json.status()).isEqualTo(200);
        assertThat(json.type()).isEqualTo("text/event-stream;charset=utf-8");
        EventClient.Event first = json.next();
        assertThat(first.data())
            .startsWith("{\"state\":\"RUNNING\"")
            .endsWith("\"criticalPath\":[\"application\"]}");
        assertThat(html.next().data())
            .startsWith("<main data-live=\"true\" data-state=\"running\">");

        running.lastStep.finish();

        List<EventClient.Event> told = untilOver(json);
        EventClient.Event last = told.get(told.size() - 1);
        assertThat(last.data()).startsWith("{\"state\":\"COMPLETE\"");
        List<Long> ids = told.stream().map(it -> Long.parseLong(it.id())).toList();
        assertThat(ids).isSorted().allMatch(id -> id >= Long.parseLong(first.id()));
        told = untilOver(html);
        assertThat(told.get(told.size() - 1).data())
            .startsWith("<main data-live=\"false\" data-state=\"complete\">");
      }
      running.context();
      try (EventClient late = new EventClient(running.port(), "/startupz")) {
        assertThat(untilOver(late)).hasSize(1);
      }
    }
  }

  private static List<EventClient.Event> untilOver(EventClient client) throws Exception {
    List<EventClient.Event> told = new ArrayList<>();
    for (EventClient.Event next = client.next();
        !next.name().equals("over");
        next = client.next()) {
      assertThat(next.name()).isEqualTo("startup");
      told.add(next);
    }
    assertThat(client.isOver()).isTrue();
    return told;
  }

  @Test
  void aPoliteEndDoesNotWaitForWhoeverLooksOn() throws Exception {
    Startup own = Startup.define().phase("services", phase -> phase.signalled()).build();
    Running running = Running.start(VestibuleApplication.of(App.class).startup(own));
    running.lastStep.finish();
    ConfigurableApplicationContext context = running.context();
    own.signal("services").ready();
    own.signal("services").lost(new IllegalStateException("gone"));
    try (EventClient client = new EventClient(running.port(), "/startupz")) {
      assertThat(client.next().data()).contains("\"state\":\"DOWN\"");
      CompletableFuture<Void> closing = CompletableFuture.runAsync(context::close);
      while (!client.isOver()) {
        // Events on the way.
      }
      closing.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void strangersLearnNamesAndStatesAndNoMore() throws Exception {
    Startup own =
        Startup.define()
            .phase("services", phase -> phase.signalled())
            .phase("model", phase -> phase.signalled().optional())
            .build();
    try (Running running =
        Running.start(
            VestibuleApplication.of(App.class).startup(own), "--vestibule.admin.port=0")) {
      running.lastStep.finish();
      running.context();
      Client.at(running.port(), "/chat");
      running.awaitWaiting(1);
      own.signal("model").failed(new IllegalStateException("secret.internal said no"));
      own.signal("services").failed(new IllegalStateException("10.1.2.3 refused"));
      Client.until("refused", () -> running.gateNow().snapshot().waiting() == 0);

      List<String> said = new ArrayList<>();
      said.add(Client.send("GET", running.port(), "/startupz", "text/html").body());
      said.add(Client.get(running.port(), "/startupz").body());
      for (String path : new String[] {"/startupz", "/startupz?as=html"}) {
        try (EventClient client = new EventClient(running.port(), path)) {
          said.add(client.next().data());
        }
      }
      for (String one : said) {
        assertThat(one)
            .contains("services")
            .containsIgnoringCase("failed")
            .doesNotContain(
                "secret",
                "10.1.2.3",
                "IllegalState",
                "127.0.0.1",
                "\"waiters",
                "\"refusals",
                "\"cause");
      }
    }
  }
}
