package dev.vestibule.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What real clients see in each situation is what {@code docs/client-matrix.md} says. */
class ClientMatrixTest {

  private static final Path PAGE = Path.of("..", "docs", "client-matrix.md");

  @Test
  void eachClientSeesAndDoesWhatThePageSays() throws Exception {
    MatrixRun run = MatrixRun.of(MatrixPage.HOUSES.keySet(), MatrixPage.CLIENTS.keySet());
    String seen = MatrixPage.of(run);

    assertThat(seen).doesNotContain("1011");
    // The trap: a socket that opens tells a naive client to begin its backoff anew.
    assertThat(run.comebacks("failed-close", "naive"))
        .isGreaterThan(2 * run.comebacks("failed-503", "naive"));
    if (Boolean.getBoolean("matrix.write")) {
      Files.writeString(PAGE, seen);
    }
    String page = Files.readString(PAGE);
    assertThat(comparable(seen, page).keySet()).as("nobody is passed over").containsAll(pinned());
    assertThat(comparable(seen, page))
        .as(() -> "what the page says; to write it anew: -Dmatrix.write=true\n" + run.everything())
        .containsExactlyEntriesOf(comparable(page, seen));
  }

  /** What must be there: of all clients but those whose version this build does not choose. */
  private static List<List<String>> pinned() {
    List<List<String>> keys = new ArrayList<>();
    MatrixPage.CLIENTS.forEach((client, title) -> {
      if (!client.startsWith("python") && !client.equals("jdk")) {
        MatrixPage.HOUSES.values().forEach(heading -> keys.add(List.of(heading, title)));
      }
    });
    return keys;
  }

  /**
   * Java's HttpClient connects anew at once when a connection ends without an answer: what it meets
   * then, a port where nobody listens or the end of what was there, is a matter of the moment.
   */
  private static final List<String> OF_THE_MOMENT =
      List.of(
          MatrixPage.HOUSES.getOrDefault("killed-held", ""),
          MatrixPage.CLIENTS.getOrDefault("jdk", ""));

  /** The rows of clients that have the same version in the other page; a browser's may differ. */
  private static Map<List<String>, String> comparable(String page, String other) {
    Map<List<String>, String> versions = MatrixPage.rows(other);
    Map<List<String>, String> rows = MatrixPage.rows(page);
    Map<List<String>, String> same = new LinkedHashMap<>();
    rows.forEach((key, row) -> {
      List<String> version = List.of("", key.get(1));
      boolean browser = key.get(1).equals(MatrixPage.CLIENTS.get("chromium"));
      if (!key.get(0).isEmpty()
          && !key.equals(OF_THE_MOMENT)
          && (browser || String.valueOf(rows.get(version)).equals(versions.get(version)))) {
        same.put(key, row);
      }
    });
    return same;
  }
}
