package dev.vestibule.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.e2e.ChatUser.Talk;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The case itself: clients that come before the server is up, each of another kind. */
class EarlyClientsTest {

  private static final List<String> FIRST_EVENTS = List.of("agent_started", "agent_thinking");
  private static final String ADMITTED = "phase=services outcome=admitted";
  private static final String QUESTION = "How did this server start?";

  @Test
  void clientsThatComeAsSoonAsThePortAcceptsWaitAndGetTheirAnswer(@TempDir Path data)
      throws Exception {
    Chat.addUser(data, "ada");
    int port = Chat.freePort();
    String cookie = ChatUser.cookieFromAnEarlierRun(data, port);

    try (RunningProcess browser = NodeClient.start("chromium-client.mjs", port, cookie, QUESTION)) {
      browser.await("launched");
      try (RunningProcess server =
          Chat.startHeld(Map.of(), "--port", "" + port, "--data", "" + data)) {
        Chat.awaitPort(port, server);
        browser.say("go");
        try (RunningProcess node = NodeClient.start("ws-client.mjs", port, cookie, QUESTION)) {
          long askedAt = System.nanoTime();
          Talk java = ChatUser.withCookie(port, cookie).connect();
          Chat.awaitWaiting(server, 3);
          server.say("go");
          WebSocket session = java.opened().get(60, TimeUnit.SECONDS);
          long javaOpenedAt = System.nanoTime();

          assertSentThenOpen(node);
          assertSentThenOpen(browser);
          assertThat(askedAt).isLessThan(javaOpenedAt);
          // The line is written after its client was told.
          server.await(ADMITTED, 3);
          // Only who was held, while services was still to come, has such a line.
          assertThat(server.order("phase services ready", ADMITTED))
              .as("the server was ready, then let in the three who waited")
              .containsExactly("phase services ready", ADMITTED, ADMITTED, ADMITTED);

          List<JsonNode> frames = java.ask(UUID.randomUUID().toString(), QUESTION);
          assertFiveEvents(ChatUser.events(frames));
          node.await("\"event\":\"agent_completed\"");
          browser.await("afterReload");
          assertFiveEvents(eventsOf(node));
          assertFiveEvents(eventsOf(browser));
          session.abort();

          for (RunningProcess client : List.of(node, browser)) {
            // As numbers of their own: the times have such digits now and then.
            assertThat(client.output())
                .doesNotContainPattern("\\b(1011|1006|503)\\b")
                .doesNotContain("error", "pageError");
          }
        }
        assertThat(server.count("outcome=refused|outcome=timed out")).isZero();
      }
    }
  }

  /** By the client's clock; that it was held for services is the server's to say. */
  private static void assertSentThenOpen(RunningProcess client) throws InterruptedException {
    long sentAt = NodeClient.number(client, "sentAt");
    long openedAt = NodeClient.number(client, "openedAt");
    assertThat(sentAt).isLessThan(openedAt);
  }

  private static List<String> eventsOf(RunningProcess client) {
    return client.order(
        "agent_started", "agent_thinking", "tool_executing", "tool_completed", "agent_completed");
  }

  private static void assertFiveEvents(List<String> events) {
    assertThat(events).startsWith(FIRST_EVENTS.toArray(String[]::new)).endsWith("agent_completed");
    List<String> tools = events.subList(2, events.size() - 1);
    assertThat(tools).isNotEmpty();
    for (int i = 0; i < tools.size(); i += 2) {
      assertThat(tools.subList(i, i + 2)).containsExactly("tool_executing", "tool_completed");
    }
  }
}
