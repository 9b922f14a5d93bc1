package dev.vestibule.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Socket activation with systemd's own tool, and the units in {@code deploy/}. */
class SystemdTest {

  private static final Path UNITS = Path.of("..", "deploy", "systemd");

  @TempDir Path directory;

  @Test
  void servesTheSocketThatSystemdOpened() throws Exception {
    Path home = Tarball.unpack(directory);
    int port = Chat.freePort();
    ProcessBuilder builder =
        Tarball.alone(
            directory,
            "/usr/bin/systemd-socket-activate",
            "--listen=127.0.0.1:" + port,
            "--setenv=STARTUP_SECONDS=1",
            home.resolve("bin/vestibule").toString(),
            "run",
            "--grace",
            "1s",
            "--",
            System.getenv().getOrDefault("PYTHON", "/usr/bin/python3"),
            Path.of("../deploy/docker/server.py").toRealPath().toString());
    try (HttpClient http = HttpClient.newHttpClient();
        RunningProcess activated = new RunningProcess(builder)) {
      // The first that knocks has it started, and is not lost.
      activated.await("Listening on");
      Echoes client = Echoes.connect(http, port);
      assertThat(client.echo("hello")).isEqualTo("hello");
      activated.terminate();
      assertThat(client.closeCode()).isEqualTo(1012);
      assertThat(activated.exitCode()).as(activated.output()).isZero();
    }
  }

  @Test
  void theUnitsAreRight() throws Exception {
    Path service = copy("vestibule.service", "", "");
    assertThat(verify(service)).isEmpty();
    assertThat(verify(copy("vestibule.service", "RuntimeDirectory=", "RuntimeDirectori=")))
        .contains("RuntimeDirectori");
  }

  @Test
  void theServiceIsLocked() throws Exception {
    // 0 is nothing exposed, 10 everything; without any of its options it would be 9.6.
    ProcessBuilder builder =
        new ProcessBuilder(
            "systemd-analyze",
            "security",
            "--offline=true",
            "--threshold=20",
            copy("vestibule.service", "", "").toString());
    try (RunningProcess analyze = new RunningProcess(builder)) {
      assertThat(analyze.exitCode()).as(analyze.output()).isZero();
    }
  }

  /** With commands that exist on this machine, which the units' own do not. */
  private Path copy(String unit, String right, String wrong) throws Exception {
    String text = Files.readString(UNITS.resolve(unit));
    assertThat(text).contains(right);
    text =
        text.replace("/opt/vestibule/bin/vestibule", "/bin/true")
            .replace("file:///opt/vestibule/NOTICE", "man:true(1)")
            .replace(right, wrong);
    Files.copy(
        UNITS.resolve("vestibule.socket"),
        directory.resolve("vestibule.socket"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    return Files.writeString(directory.resolve(unit), text);
  }

  private String verify(Path service) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            "systemd-analyze",
            "verify",
            "--man=no",
            service.toString(),
            directory.resolve("vestibule.socket").toString());
    try (RunningProcess analyze = new RunningProcess(builder)) {
      analyze.exitCode();
      return analyze.output();
    }
  }
}
