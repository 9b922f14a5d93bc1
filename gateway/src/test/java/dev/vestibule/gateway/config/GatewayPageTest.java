package dev.vestibule.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code docs/gateway.md} is made from the code, so that it cannot say anything else. */
class GatewayPageTest {

  private static final Path PAGE = Path.of("..", "docs", "gateway.md");

  private static final String EXAMPLE =
      """
      listen: :8080
      admin-socket: /tmp/vestibule.sock
      hold-at-most: 30s
      upstreams:
        - name: chat
          address: 127.0.0.1:9000
          ready: push:database,services
        - name: api
          address: 127.0.0.1:9001
          ready: http:/health=204
      routes:
        - path: /chat/**
          upstream: chat
          origin: [https://chat.example]
        - path: /**
          upstream: api
          hold: upgrades
          hold-at-most: 10s
      """;

  @Test
  void thePageSaysWhatTheCodeDoes() throws IOException {
    String page = page();
    if (Boolean.getBoolean("vestibule.docs.write")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE))
        .as(
            "docs/gateway.md; to write it: mvn -q -pl gateway -am test -Dtest=GatewayPageTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dvestibule.docs.write=true")
        .isEqualTo(page);
  }

  @Test
  void theExampleWorks() {
    assertThat(Told.gateway().file(EXAMPLE).settings().routes()).hasSize(2);
  }

  private static String page() {
    String mistake =
        Told.gateway()
            .file(EXAMPLE.replace("upstream: chat", "upstream: chatt"))
            .mistakes()
            .getFirst();
    return """
    # The gateway: options and file

    <!-- Written by GatewayPageTest from dev.vestibule.gateway.config.Key; do not edit. -->

    ```
    vestibule run [OPTION...] -- COMMAND...     starts your server and stands in front of it
    vestibule gateway [OPTION...]               stands in front of servers that somebody else starts
    ```

    `run` gives the server `PORT` and `HOST=127.0.0.1`, holds clients until it is ready, starts it again when it fails, and
    exits with its code. Everything behind `--` is the server's. `gateway` takes one `--upstream`, or several from a file.

    The port is open before anything else is read, unless a file says where it is (then after the file). Started by
    systemd with a socket (`LISTEN_FDS=1`), it uses that one.

    - **Who wins**: a flag, then the file, then the platform (Cloud Run by `K_SERVICE`, Kubernetes by
      `KUBERNETES_SERVICE_HOST`) and `PORT`, then the default. `--check` prints every value with its source and serves
      nothing; `--verbose` prints them at the start. An ordinary start prints none.
    - **What is wrong** is named all at once, with its line: `%s`. Exit code 2.
    - **Durations** are whole numbers with a unit: `500ms`, `30s`, `5m`, `1h`. The range of each stands in the table.
    - **Exit codes**: that of the server for `run` (128 + n where signal n ended it, 127 not found, 126 not executable);
      0 after SIGTERM for `gateway`; 1 when it could not be opened; 2 when what was said is wrong.

    ## Of the gateway

    Flags, and keys at the top of the file.

    %s
    ## Of the server behind

    Flags speak of the one upstream. In a file each entry of `upstreams` has its own, and the flags are refused.

    %s
    ## Of routes

    Flags speak of the one route, `/**`. In a file each entry of `routes` has its own, and the flags are refused. Without
    `routes` everything goes to the one upstream.

    %s
    ## Of the server that `run` starts

    A server that ends with code 0 is not started again. The rest before a restart doubles up to 5 s. Ten seconds of being
    ready, and what came before is forgotten.

    %s
    ## Of the process

    Flags alone.

    %s
    ## vestibule.yaml

    ```yaml
    %s```

    Lists, keys and values, and texts; no anchors, aliases or tags, at most 8 levels and 1 MiB. A value may always be
    written in quotes. Under `run` the upstream without an `address` is the server that it starts.

    ## On the terminal

    `run` and `gateway` print a line for each change on standard error, between the lines of your server:

    ```
    vestibule | holding :8080
    vestibule | started pid 4711, PORT=40123
    vestibule | 3 waiting
    vestibule | ready after 2.9 s
    vestibule | 3 admitted, last +0.8 ms
    vestibule | exit code 137 (SIGKILL) after 12.0 s, starts again in 100 ms
    vestibule | holding :8080
    vestibule | 3 sessions told 1012
    ```

    How many wait is said a tenth of a second after it changed, then ever less often, at most 2 s late. The log has warnings
    alone, a line each; `--verbose` adds a line for each wait.

    ## The end

    SIGTERM lets newcomers in for the drain delay, refuses them and who waits (503), closes sessions with 1012, 100 a second
    or more, and under `run` passes the signal on to the server. All but the drain delay fits into the grace: sessions
    have at most three quarters of it, the server the rest, then SIGKILL. The defaults fit into what Cloud Run (10 s) and
    Kubernetes (30 s) allow; `docker stop` allows 10 s unless told otherwise: `docker stop -t 35`, or `--grace 8s`.

    Ctrl-C on a terminal does the same at once, without the drain delay and all sessions together. Ctrl-C again does not
    wait: the server is killed.
    """
        .formatted(
            mistake,
            table(Place.GATEWAY),
            table(Place.UPSTREAM),
            table(Place.ROUTE),
            table(Place.CHILD),
            table(Place.PROCESS),
            EXAMPLE);
  }

  private static String table(Place place) {
    StringBuilder table =
        new StringBuilder(row("flag", "key", "value", "default", "what it does"))
            .append("|---|---|---|---|---|\n");
    Arrays.stream(Key.values())
        .filter(key -> key.place() == place)
        .forEach(key -> table.append(row(key)));
    return table.toString();
  }

  private static String row(Key key) {
    String value =
        key.form() instanceof Form.Flag ? "" : key.label() + ": " + key.form().expected();
    return row(
        key.isFlag() ? "`" + key.flag() + "`" : "",
        key.isInFile() ? "`" + key.key() + "`" : "",
        value,
        key.otherwise(),
        key.about());
  }

  private static String row(String... cells) {
    List<String> all = new ArrayList<>();
    for (String cell : cells) {
      // A star or a bar would be Markdown's.
      all.add(cell.replace("|", "\\|").replace("*", "\\*"));
    }
    return "| " + String.join(" | ", all) + " |\n";
  }
}
