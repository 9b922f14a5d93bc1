package dev.vestibule.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Dockerfile, as far as it can be checked without building it. */
class DockerfileTest {

  private static final Path ROOT = Path.of("..");

  @TempDir Path directory;

  @Test
  void isRight() throws Exception {
    String text = Files.readString(ROOT.resolve("deploy/docker/Dockerfile"));
    assertThat(mistakes(text)).isEmpty();
    assertThat(mistakes(text.replace("STOPSIGNAL", "STOPSIGNALL"))).contains("STOPSIGNALL");
    assertThat(mistakes(text.replace("--from=dist", "--form=dist"))).contains("form");
  }

  @Test
  void copiesWhatThereIs() throws Exception {
    List<String> lines = Files.readAllLines(ROOT.resolve("deploy/docker/Dockerfile"));
    List<String> copied =
        lines.stream()
            .filter(line -> line.startsWith("COPY deploy/"))
            .map(line -> line.substring("COPY ".length(), line.indexOf(' ', "COPY ".length())))
            .toList();
    assertThat(copied).isNotEmpty().allMatch(path -> Files.isRegularFile(ROOT.resolve(path)));
  }

  @Test
  void nobodyIsRoot() throws Exception {
    String text = Files.readString(ROOT.resolve("deploy/docker/Dockerfile"));
    String[] stages = text.split("\nFROM ");
    assertThat(stages).hasSize(4);
    assertThat(stages[2]).contains("\nUSER 65532:65532\n").contains("\nENTRYPOINT [");
    assertThat(stages[3]).contains("\nUSER 65532:65532\n").contains("\nENTRYPOINT [\"tini\"");
  }

  private String mistakes(String text) throws Exception {
    File input = Files.writeString(directory.resolve("Dockerfile"), text).toFile();
    ProcessBuilder builder =
        new ProcessBuilder("node", Path.of("src/test/node/dockerfile.mjs").toString())
            .redirectInput(input);
    try (RunningProcess node = new RunningProcess(builder)) {
      assertThat(node.exitCode()).as(node.output()).isZero();
      return node.output();
    }
  }
}
