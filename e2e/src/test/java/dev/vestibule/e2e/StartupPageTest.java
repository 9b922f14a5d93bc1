package dev.vestibule.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page at /startupz in a browser, as strangers and as the admin side see it. */
class StartupPageTest {

  @Test
  void goesFromRunningToCompleteWithoutBeingLoadedAgain(@TempDir Path data) throws Exception {
    int port = Chat.freePort();
    try (RunningProcess server =
        Chat.startHeld(Map.of(), "--port", "" + port, "--data", "" + data)) {
      Chat.awaitPort(port, server);
      try (RunningProcess stranger = browse("http://127.0.0.1:" + port + "/startupz")) {
        String adminUrl =
            server.await("the admin side is at (http://127\\.0\\.0\\.1:\\d+/\\S+)").group(1);
        try (RunningProcess admin = browse(adminUrl)) {
          stranger.await("\\{\"follows\"");
          admin.await("\\{\"follows\"");
          server.say("go");
          assertFollowed(stranger, "?as=html", "Startup: running", "Startup: complete");
          assertThat(stranger.output()).contains("{\"sections\":[]}");
          assertFollowed(
              admin, "?as=html", "Startup: running (admin)", "Startup: complete (admin)");
          assertThat(admin.output()).contains("\"Who waits\",\"Last refusals\"");
        }
      }
    }
  }

  private static RunningProcess browse(String url) throws Exception {
    String script = Path.of("src", "test", "node", "startup-page.mjs").toString();
    return new RunningProcess(new ProcessBuilder("node", script, url));
  }

  private static void assertFollowed(
      RunningProcess browser, String query, String before, String after) throws Exception {
    browser.await("\\{\"loads\":1}");
    assertThat(browser.output())
        .contains("{\"heading\":\"" + before + "\"}")
        .contains("{\"follows\":\"" + query + "\"}")
        .contains("{\"heading\":\"" + after + "\",\"title\":\"" + after + "\"}")
        .contains("{\"status\":\"Everything is ready.\"}")
        .contains("services", "finalize")
        .doesNotContain("pageError", "consoleError");
  }
}
