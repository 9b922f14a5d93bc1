package dev.vestibule.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.WebSocketHandshakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A required phase fails: everyone who waits hears so, and nothing more. */
class FailedStartupTest {

  @Test
  void whoeverWaitsForADatabaseThatIsLockedIsToldThePhaseAndNoMore(@TempDir Path data)
      throws Exception {
    Chat.addUser(data, "ada");
    int port = Chat.freePort();
    String cookie = ChatUser.cookieFromAnEarlierRun(data, port);

    try (Connection lock = lock(data);
        RunningProcess server = Chat.start("--port", "" + port, "--data", "" + data)) {
      assertThat(lock.isValid(1)).isTrue();
      Chat.awaitPort(port, server);
      List<ChatUser.Talk> waiting = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        waiting.add(ChatUser.withCookie(port, cookie).connect());
      }
      try (RunningProcess node = NodeClient.start("ws-client.mjs", port, cookie, "Hello?")) {
        node.await("\"status\":503");
        String body = node.await("\"body\":.*").group();
        assertThat(body)
            .contains("STARTUP_FAILED", "database")
            .doesNotContain("h2", "H2", "jdbc", "lock");
      }
      for (ChatUser.Talk talk : waiting) {
        assertRefused(talk);
      }
      assertThat(server.exitCode()).isEqualTo(1);
      assertThat(server.output()).contains("phase database failed").containsIgnoringCase("lock");
    }
  }

  private static void assertRefused(ChatUser.Talk talk) {
    try {
      talk.opened().join();
      throw new AssertionError("let in although the database is locked");
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof WebSocketHandshakeException refused)) {
        throw new AssertionError("not a refusal", e);
      }
      var response = refused.getResponse();
      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.headers().firstValueAsLong("Retry-After").orElse(0)).isPositive();
      assertThat(response.headers().firstValue("Content-Type"))
          .contains("application/problem+json");
    }
  }

  /**
   * Locks the database file as another process would: H2 knows its files by a lock file and a
   * channel lock.
   */
  private static Connection lock(Path data) throws Exception {
    try (Stream<Path> files = Files.walk(data)) {
      Path file =
          files.filter(path -> path.toString().endsWith(".mv.db")).findFirst().orElseThrow();
      String name = file.toString().replace(".mv.db", "");
      return DriverManager.getConnection("jdbc:h2:file:" + name, "sa", "");
    }
  }
}
