package dev.vestibule.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code ./vestibule}, called rightly and wrongly. */
class LauncherTest {

  @Test
  void helpNamesEveryCommand() throws Exception {
    assertThat(launch(0, Map.of(), "help"))
        .contains("chat", "timing", "bench", "dist", "test", "help");
  }

  @Test
  void anUnknownCommandIsOneLineThatSaysWhatThereIs() throws Exception {
    String output = launch(2, Map.of(), "chatt");
    assertThat(output).contains("chatt", "timing, crowd, estimates, bench, dist, test or help");
    assertThat(output.lines()).hasSize(1);
  }

  @Test
  void aMissingJdkIsOneLineThatSaysWhatToDo() throws Exception {
    String output = launch(3, Map.of("VESTIBULE_JDKS", "/nowhere"), "chat");
    assertThat(output).contains("no JDK 25 found").contains("JAVA_HOME");
    assertThat(output.lines()).hasSize(1);
  }

  private static String launch(int exitCode, Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(Path.of("..", "vestibule").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    try (RunningProcess launcher = new RunningProcess(builder)) {
      assertThat(launcher.exitCode()).as(launcher.output()).isEqualTo(exitCode);
      return launcher.output();
    }
  }
}
