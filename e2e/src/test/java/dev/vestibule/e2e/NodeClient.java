package dev.vestibule.e2e;

import java.io.IOException;
import java.nio.file.Path;

/** A client that lives in a Node process. */
final class NodeClient {

  private NodeClient() {}

  static RunningProcess start(String script, int port, String cookie, String question)
      throws IOException {
    return new RunningProcess(
        new ProcessBuilder(
            "node",
            Path.of("src", "test", "node", script).toString(),
            Integer.toString(port),
            cookie,
            question));
  }

  /** Waits until the client has told a number, and returns it. */
  static long number(RunningProcess client, String name) throws InterruptedException {
    return Long.parseLong(client.await("\"" + name + "\":\"?(\\d+)").group(1));
  }
}
