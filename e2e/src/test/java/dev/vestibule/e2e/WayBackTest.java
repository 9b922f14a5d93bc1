package dev.vestibule.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.e2e.ChatUser.Talk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The chat with its settings turned as docs/rollback.md says, and what its log says then. */
class WayBackTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path data;

  private static int port;
  private static String cookie = "";

  @BeforeAll
  static void aUser() throws Exception {
    Chat.addUser(data, "ada");
    port = Chat.freePort();
    cookie = ChatUser.cookieFromAnEarlierRun(data, port);
  }

  @Test
  void whoIsWokenAsksNothing() throws Exception {
    assertThat(polls(Map.of(), List.of(), "Signal wait", "signal")).isZero();
  }

  @Test
  void atAFixedIntervalByTheVariable() throws Exception {
    Map<String, String> variables =
        Map.of("VESTIBULE_READINESS_STRATEGY", "fixed", "VESTIBULE_READINESS_INTERVAL", "20ms");
    // On arrival, while it waits, and when it is let in; how often is the machine's affair.
    assertThat(polls(variables, List.of(), "Fixed-interval wait", "fixed")).isGreaterThan(1);
  }

  @Test
  void withTheOldBackoffByTheOption() throws Exception {
    List<String> option = List.of("--readiness-strategy", "progressive");
    assertThat(polls(Map.of(), option, "Progressive wait", "progressive")).isGreaterThan(1);
  }

  private static long polls(
      Map<String, String> variables, List<String> options, String title, String strategy)
      throws Exception {
    try (RunningProcess server = waited(variables, options)) {
      Matcher line =
          server.await(
              title
                  + " completed successfully: strategy="
                  + strategy
                  + " phase=\\w+ outcome=admitted elapsed=\\d+\\.\\d{3} s polls=(\\d+)");
      assertThat(server.count("outcome=refused|outcome=timed out")).isZero();
      assertThat(server.output()).containsPattern("readiness.strategy +" + strategy);
      return Long.parseLong(line.group(1));
    }
  }

  /** A server that was just let a client in which had come too early. */
  private static RunningProcess waited(Map<String, String> variables, List<String> options)
      throws Exception {
    List<String> arguments = new ArrayList<>(options);
    arguments.addAll(List.of("--port", "" + port, "--data", "" + data));
    RunningProcess server = Chat.startHeld(variables, arguments.toArray(String[]::new));
    try {
      // From here on whoever comes waits at the gate, and not at the door.
      server.await("phase=websocket outcome=ready");
      Talk talk = ChatUser.withCookie(port, cookie).connect();
      Chat.awaitWaiting(server, 1);
      server.say("go");
      talk.opened().get(60, TimeUnit.SECONDS).abort();
      server.await("outcome=admitted");
      return server;
    } catch (Exception | Error e) {
      server.close();
      throw e;
    }
  }

  @Test
  void onCloudRunEveryLineIsAnEntryOfCloudLogging() throws Exception {
    try (RunningProcess server = waited(Map.of("K_SERVICE", "chat"), List.of())) {
      server.terminate();
      assertThat(server.exitCode()).isZero();
      List<String> messages =
          server
              .output()
              .lines()
              .map(line -> assertIsEntry(line).path("message").asString())
              .toList();
      assertThat(messages)
          .anyMatch(it -> it.startsWith("Signal wait completed successfully: strategy=signal"))
          .anyMatch(it -> it.startsWith("Vestibule's settings:\n  platform"))
          .as("what is logged while it goes away")
          .anyMatch(it -> it.startsWith("startup CLOSED after "))
          .anyMatch(it -> it.startsWith("route /chat: REFUSE"));
    }
  }

  @Test
  void aFailureOnCloudRunIsToldInEntriesToo(@TempDir Path broken) throws Exception {
    Chat.addUser(broken, "ada");
    try (var files = Files.walk(broken)) {
      Path database =
          files.filter(file -> file.toString().endsWith(".mv.db")).findFirst().orElseThrow();
      Files.writeString(database, "not a database");
    }
    try (RunningProcess server =
        Chat.start(Map.of("K_SERVICE", "chat"), "--port", "0", "--data", "" + broken)) {
      assertThat(server.exitCode()).isEqualTo(1);
      List<JsonNode> entries = server.output().lines().map(WayBackTest::assertIsEntry).toList();
      assertThat(entries)
          .anySatisfy(entry -> {
            assertThat(entry.path("severity").asString()).isEqualTo("ERROR");
            assertThat(entry.path("message").asString()).contains("phase database failed");
            assertThat(entry.path("stack_trace").asString()).contains("\n\tat ");
          });
    }
  }

  @Test
  void elasticCommonSchemaWhereItIsAskedFor() throws Exception {
    try (RunningProcess server = waited(Map.of(), List.of("--log-format", "ecs"))) {
      for (String line : server.output().lines().toList()) {
        JsonNode entry = JSON.readTree(line);
        assertThat(entry.path("ecs").path("version").asString()).isEqualTo("8.11");
        assertThat(entry.path("service").path("name").asString()).isEqualTo("vestibule-chat");
        assertThat(Instant.parse(entry.path("@timestamp").asString())).isAfter(Instant.EPOCH);
      }
    }
  }

  private static JsonNode assertIsEntry(String line) {
    assertThat(line).startsWith("{");
    JsonNode entry = JSON.readTree(line);
    assertThat(entry.path("severity").asString()).isIn("DEBUG", "INFO", "WARNING", "ERROR");
    assertThat(entry.path("message").asString()).isNotEmpty();
    assertThat(Instant.parse(entry.path("time").asString())).isAfter(Instant.EPOCH);
    return entry;
  }
}
