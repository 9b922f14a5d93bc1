package dev.vestibule.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The server goes away in the middle of a session, politely and not. */
class RestartTest {

  @Test
  void aSessionIsClosedWith1012OnSigterm(@TempDir Path data) throws Exception {
    Chat.addUser(data, "ada");
    int port = Chat.freePort();
    try (RunningProcess server = Chat.start("--port", "" + port, "--data", "" + data)) {
      Chat.awaitPort(port, server);
      ChatUser.Talk talk = ChatUser.signIn(port, "ada").connect();
      talk.opened().get(60, TimeUnit.SECONDS);

      server.terminate();

      assertThat(talk.closed().get(60, TimeUnit.SECONDS)).isEqualTo(1012);
      assertThat(server.exitCode()).isIn(0, 143);
      assertThat(server.order("draining: closing", "startup CLOSED"))
          .as("what is logged while it goes away")
          .containsExactly("draining: closing", "startup CLOSED");
      assertThat(server.output()).contains("route /chat: REFUSE");
    }
  }

  @Test
  void conversationsAndTheCookieSurviveKill9(@TempDir Path data) throws Exception {
    Chat.addUser(data, "ada");
    int port = Chat.freePort();
    String cookie;
    List<JsonNode> told;
    try (RunningProcess server = Chat.start("--port", "" + port, "--data", "" + data)) {
      Chat.awaitPort(port, server);
      ChatUser user = ChatUser.signIn(port, "ada");
      cookie = user.cookie();
      told = user.connect().ask(UUID.randomUUID().toString(), "Who is waiting at the gate?");
      server.kill();
      server.exitCode();
    }
    JsonNode end = told.get(told.size() - 1);

    try (RunningProcess server = Chat.start("--port", "" + port, "--data", "" + data)) {
      Chat.awaitPort(port, server);
      ChatUser user = ChatUser.withCookie(port, cookie);
      assertThat(user.connect().opened().get(60, TimeUnit.SECONDS)).isNotNull();
      JsonNode conversation = user.get("/api/conversations/" + end.path("conversation").asString());

      assertThat(conversation.path("messages").path(0).path("text").asString())
          .isEqualTo("Who is waiting at the gate?");
      assertThat(conversation.path("messages").path(1).path("text").asString())
          .isEqualTo(end.path("detail").path("text").asString());
    }
  }
}
