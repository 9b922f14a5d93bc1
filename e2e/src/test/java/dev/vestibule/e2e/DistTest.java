package dev.vestibule.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tarball, unpacked into an empty directory, with an empty environment: no Java anywhere. */
class DistTest {

  // sh does not split it, and neither does the JVM's file of flags.
  @TempDir(factory = SpacedDirectory.class)
  Path directory;

  private Path home;
  private Path vestibule;

  @BeforeEach
  void unpack() throws Exception {
    home = Tarball.unpack(directory);
    vestibule = home.resolve("bin/vestibule");
  }

  @Test
  void runsAPythonServerWhereThereIsNoJava() throws Exception {
    int port = Chat.freePort();
    ProcessBuilder builder =
        Tarball.alone(
            home,
            vestibule.toString(),
            "run",
            "--listen",
            "127.0.0.1:" + port,
            "--grace",
            "1s",
            "--",
            python(),
            Path.of("../deploy/docker/server.py").toRealPath().toString());
    builder.environment().put("STARTUP_SECONDS", "1");
    try (HttpClient http = HttpClient.newHttpClient();
        RunningProcess run = new RunningProcess(builder)) {
      var open = Tarball.awaitOpen(port, run);
      Echoes client = Echoes.connect(http, port);
      assertThat(client.echo("hello")).isEqualTo("hello");
      System.out.printf(
          "tarball %.1f MB, exec -> port open %d ms, RSS after one session %s%n",
          Files.size(Tarball.make()) / 1e6, open.toMillis(), rss(run));
      run.terminate();
      assertThat(client.closeCode()).isEqualTo(1012);
      // The server ends well on SIGTERM, and its code is that of run.
      assertThat(run.exitCode()).as(run.output()).isZero();
      assertThat(run.output()).doesNotContain("WARNING", "[warning]");
    }
  }

  @Test
  void theCacheFitsWhereItWasUnpacked() throws Exception {
    assertThat(mainComesFrom("on")).contains("source: shared objects file");
    assertThat(mainComesFrom("off")).contains("source: file:");
  }

  /** What the JVM logs of where it has the main class from. */
  private String mainComesFrom(String mode) throws Exception {
    ProcessBuilder builder = Tarball.alone(home, vestibule.toString(), "--version");
    builder.environment().put("JDK_JAVA_OPTIONS", "-XX:AOTMode=" + mode + " -Xlog:class+load");
    try (RunningProcess run = new RunningProcess(builder)) {
      assertThat(run.exitCode()).as(run.output()).isZero();
      return run.await("dev.vestibule.gateway.GatewayMain .*").group();
    }
  }

  @Test
  void isFoundThroughLinks() throws Exception {
    Path bin = Files.createDirectories(directory.resolve("usr/bin"));
    Path link = Files.createSymbolicLink(bin.resolve("vestibule"), bin.relativize(vestibule));
    Path second = Files.createSymbolicLink(directory.resolve("v"), link);
    ProcessBuilder builder = Tarball.alone(directory, second.toString(), "--version");
    builder.environment().put("PATH", "/usr/bin:/bin");
    try (RunningProcess run = new RunningProcess(builder)) {
      assertThat(run.exitCode()).as(run.output()).isZero();
    }
  }

  @Test
  void theNoticeNamesWhatIsInside() throws Exception {
    String notice = Files.readString(home.resolve("NOTICE"));
    try (var jars = Files.list(home.resolve("app/lib"))) {
      for (String jar : jars.map(path -> path.getFileName().toString()).toList()) {
        String family = jar.substring(0, jar.indexOf('-'));
        if (!family.equals("vestibule")) {
          assertThat(notice).contains("app/lib/" + family);
        }
      }
    }
    assertThat(home.resolve("LICENSE")).isRegularFile();
    assertThat(home.resolve("runtime/legal/java.base/LICENSE")).exists();
  }

  private static String rss(RunningProcess run) throws Exception {
    List<String> status = Files.readAllLines(Path.of("/proc/" + run.pid() + "/status"));
    return status.stream().filter(line -> line.startsWith("VmRSS")).findFirst().orElse("unknown");
  }

  private static String python() {
    String named = System.getenv("PYTHON");
    return named == null ? "/usr/bin/python3" : named;
  }
}
