package dev.vestibule.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever starts it wrongly is told so, once, with all mistakes, and by exit code 2. */
class BadConfigurationTest {

  @TempDir Path data;

  @Test
  void allMistakesOfTheCommandLineAreNamedAtOnce() throws Exception {
    String output =
        refused(Map.of(), "--port", "70000", "--slow", "nosuch=3s", "--slow", "services=fast");
    assertThat(output).contains("70000", "nosuch", "fast", "expected");
  }

  @Test
  void aPortInUseIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String output = refused(Map.of(), "--port", "" + taken.getLocalPort(), "--data", "" + data);
      assertThat(output).contains(Integer.toString(taken.getLocalPort()));
    }
  }

  @Test
  void aDataDirectoryThatCannotBeUsedIsNamed() throws Exception {
    // A file, because nothing is unreadable to root.
    Path file = Files.writeString(data.resolve("file"), "");
    assertThat(refused(Map.of(), "--port", "" + Chat.freePort(), "--data", "" + file))
        .contains(file.toString());
  }

  @Test
  void aDirectoryThatIsSomebodyElsesIsNotTaken() throws Exception {
    Files.writeString(data.resolve("theirs"), "");
    assertThat(refused(Map.of(), "--port", "" + Chat.freePort(), "--data", "" + data))
        .contains(data.toString(), "empty");
  }

  @Test
  void settingsOutOfRangeAreNamedTogether() throws Exception {
    Map<String, String> settings =
        Map.of("VESTIBULE_TRUSTEDHOPS", "-1", "VESTIBULE_READINESS_STRATEGY", "sometimes");
    String output = refused(settings, "--port", "" + Chat.freePort(), "--data", "" + data);
    assertThat(output).contains("-1", "sometimes");
  }

  private static String refused(Map<String, String> settings, String... arguments)
      throws Exception {
    try (RunningProcess server = Chat.start(settings, arguments)) {
      assertThat(server.exitCode()).as(server.output()).isEqualTo(2);
      assertThat(server.output()).doesNotContain("\tat ", "Exception");
      return server.output();
    }
  }
}
