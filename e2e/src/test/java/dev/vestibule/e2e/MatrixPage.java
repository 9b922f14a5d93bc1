package dev.vestibule.e2e;

import dev.vestibule.e2e.MatrixRun.Cell;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code docs/client-matrix.md}: what a run says, and reading it back. */
final class MatrixPage {

  static final Map<String, String> CLIENTS = clients();
  static final Map<String, String> HOUSES = houses();

  private static final String BEGINNING =
      """
      # What clients see, and what they do next

      Made by a run, not by hand. Each library is as it is when nothing is configured; it offers the subprotocol `chat.v1`,
      says hello once its socket is open, and tells every event and every exception that a program gets. What it does then by
      itself is what the server saw. `ClientMatrixTest` fails when a run sees something else than this page says, except for
      what is in parentheses, which differs from run to run.

      ```
      mvn verify -pl e2e -am -Dtest=ClientMatrixTest -Dsurefire.failIfNoSpecifiedTests=false                      # check
      mvn verify -pl e2e -am -Dtest=ClientMatrixTest -Dsurefire.failIfNoSpecifiedTests=false -Dmatrix.write=true  # write it anew
      ```

      Refusals here tell the least seconds that they may; others are jittered upward. Tyrus and Netty's client are told not to
      send the Origin that they make up, which no allowlist has. What to make of all this: [refusals](refusals.md).

      | client | version |
      |---|---|
      """;

  private MatrixPage() {}

  private static Map<String, String> clients() {
    Map<String, String> titles = new LinkedHashMap<>();
    titles.put("chromium", "a page in Chromium");
    titles.put("reconnecting-websocket", "`reconnecting-websocket`, on Node's `ws`");
    titles.put("naive", "a naive loop around `ws`: waits longer each time, anew once open");
    titles.put("ws", "Node `ws`");
    titles.put("python-connect", "Python `websockets`, `connect()`");
    titles.put("python-loop", "Python `websockets`, `async for`");
    titles.put("okhttp", "OkHttp");
    titles.put("jdk", "Java's `HttpClient`");
    titles.put("tomcat", "Tomcat's client");
    titles.put("tyrus", "Tyrus");
    titles.put("tyrus-retry", "Tyrus, `RETRY_AFTER_SERVICE_UNAVAILABLE` set");
    titles.put("netty", "Netty's client");
    titles.put("netty-frames", "Netty's client, `handleCloseFrames(false)`");
    return titles;
  }

  private static Map<String, String> houses() {
    Map<String, String> titles = new LinkedHashMap<>();
    titles.put("held", "Comes while the server starts, and is let in a second later");
    titles.put("nobody", "Comes before anybody listens (connection refused)");
    titles.put("killed-held", "Waits when the server is killed (`kill -9`)");
    titles.put("failed-503", "Startup has failed: the 503");
    titles.put("failed-close", "Startup has failed: refused by a close");
    titles.put("draining-503", "The server is going away: the 503");
    titles.put("draining-close", "The server is going away: refused by a close");
    titles.put("full", "All places are taken (FULL is always the 503)");
    titles.put("budget", "Held for 0.2 s, and then its time is up (BUDGET_SPENT)");
    titles.put("too-long", "Past starts say that it would wait in vain (TOO_LONG)");
    titles.put("down", "Something is away and does not come back in time (DEPENDENCY_DOWN)");
    titles.put("drained", "In a session when the server drains");
    titles.put("killed", "In a session when the server is killed (`kill -9`)");
    return titles;
  }

  static String of(MatrixRun run) {
    StringBuilder page = new StringBuilder(BEGINNING);
    CLIENTS.forEach((client, title) ->
        page.append("| ").append(title).append(" | ").append(run.version(client)).append(" |\n"));
    HOUSES.forEach((house, heading) -> {
      page.append("\n## ").append(heading).append("\n\n");
      page.append(
          "| client | what the program sees | what the client does by itself |\n|---|---|---|\n");
      CLIENTS.forEach((client, title) -> {
        Cell cell = run.cell(house, client);
        page.append(
            "| %s | %s | %s%s |\n"
                .formatted(title, cell.sees().replace("|", "\\|"), cell.then(), cell.measured()));
      });
    });
    return page.toString();
  }

  /** The rows of a page by heading and client, without what differs from run to run. */
  static Map<List<String>, String> rows(String page) {
    Map<List<String>, String> rows = new LinkedHashMap<>();
    String heading = "";
    for (String line : page.lines().toList()) {
      if (line.startsWith("## ")) {
        heading = line.substring(3);
      } else if (line.startsWith("| ") && !line.startsWith("| client ")) {
        String[] cells = line.substring(2).split(" \\| ", 2);
        rows.put(List.of(heading, cells[0]), cells[1].replaceAll(" \\(after [^)]*\\)", ""));
      }
    }
    return rows;
  }
}
