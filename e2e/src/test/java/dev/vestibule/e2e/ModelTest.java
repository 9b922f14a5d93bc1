package dev.vestibule.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A model behind the chat, played by the stand-in that {@code docs/model.md} shows. */
class ModelTest {

  private static final String KEY = "sk-the-secret-of-this-test";

  @TempDir Path data;

  private static RunningProcess standIn() throws Exception {
    return new RunningProcess(
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "../chat/src/test/java/dev/vestibule/chat/model/StandInModel.java",
            "0"));
  }

  private static String ask(ChatUser.Talk talk, String text) throws Exception {
    List<JsonNode> said = talk.ask(UUID.randomUUID().toString(), text);
    return said.get(said.size() - 1).path("detail").path("text").asString();
  }

  private static void be(String url, String part) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI be = URI.create(url.replace("/v1", "/be/" + part));
      http.send(
          HttpRequest.newBuilder(be).POST(BodyPublishers.noBody()).build(),
          BodyHandlers.ofString());
    }
  }

  @Test
  void aModelAnswersWithTheToolsOfTheGuideGoesDownAndComesBack() throws Exception {
    Chat.addUser(data, "ada");
    int port = Chat.freePort();
    try (RunningProcess standIn = standIn()) {
      Matcher listening = standIn.await("at (http://\\S+)");
      String url = listening.group(1);
      try (RunningProcess server =
          Chat.start(
              Map.of("CHAT_MODEL_KEY", KEY),
              "--port=" + port,
              "--data=" + data,
              "--model-url=" + url,
              "--model-name=stand-in")) {
        Chat.awaitPort(port, server);
        ChatUser user = ChatUser.signIn(port, "ada");
        ChatUser.Talk talk = user.connect();
        List<JsonNode> told = talk.ask(UUID.randomUUID().toString(), "How did you start?");
        assertThat(ChatUser.events(told))
            .containsExactly(
                "agent_started",
                "agent_thinking",
                "tool_executing",
                "tool_completed",
                "agent_completed");
        assertThat(told.get(told.size() - 1).path("detail").path("text").asString())
            .startsWith("I am a stand-in for a model.");

        be(url, "down");
        assertThat(ask(talk, "How long did each startup phase take?"))
            .startsWith("**The model is down**: it reported an error. It is asked again by itself.")
            .contains("| services |");
        assertThat(user.get("/startupz").toString())
            .contains("\"name\":\"model\",\"state\":\"DOWN\"");

        be(url, "well");
        server.await("phase model regained");
        assertThat(ask(talk, "And now?")).startsWith("I am a stand-in for a model.");
        assertThat(server.output()).doesNotContain(KEY, "\tat ").contains("key=******");
      }
    }
  }

  @Test
  void withoutAModelNothingOfItIsLoaded() throws Exception {
    Chat.addUser(data, "ada");
    int port = Chat.freePort();
    Path loaded = data.resolveSibling(data.getFileName() + "-loaded");
    try (RunningProcess server =
        Chat.start(
            Map.of("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + loaded),
            "--port=" + port,
            "--data=" + data)) {
      Chat.awaitPort(port, server);
      ChatUser.Talk talk = ChatUser.signIn(port, "ada").connect();
      assertThat(ask(talk, "How long did each startup phase take?")).contains("built-in guide");
      server.terminate();
      server.exitCode();
      assertThat(Files.readString(loaded))
          .contains("dev.vestibule.chat.assistant.Guide ")
          .doesNotContain(
              "org.springframework.ai.",
              "com.openai.",
              "io.github.resilience4j.",
              " kotlin.",
              " reactor.",
              "dev.vestibule.chat.model.ModelAssistant",
              "java.net.http.HttpClient ");
    } finally {
      Files.deleteIfExists(loaded);
    }
  }
}
