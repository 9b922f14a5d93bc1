package dev.vestibule.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.gateway.config.Key;
import dev.vestibule.gateway.config.Mistakes;
import dev.vestibule.gateway.config.Place;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServingTest {

  private record Answer(Serving.Read read, String out, String err) {}

  private static Answer say(Map<String, String> environment, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Serving.Read read =
        Serving.read(
            args,
            environment,
            null,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Answer(
        read, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static Answer say(String... args) {
    return say(Map.of(), args);
  }

  private static void refused(Answer answer, String... mistakes) {
    assertThat(answer.read()).isEqualTo(new Serving.Read.Done(2));
    assertThat(answer.out()).isEmpty();
    assertThat(answer.err().lines().map(String::strip))
        .startsWith("vestibule: cannot start like this:")
        .contains(mistakes)
        .endsWith("See --help.")
        .hasSize(mistakes.length + 2);
  }

  @Test
  void allThatIsWrongIsSaidAtOnce() {
    refused(
        say("run", "--nonsense", "--max-waiting", "-1", "python", "--grace=x", "--restart"),
        "Missing required parameter for option '--restart' (N)",
        "--nonsense: unknown (expected: see --help, or -- before the program)",
        "python: unknown (expected: see --help, or -- before the program)",
        "--max-waiting: -1 (expected: >= 0)",
        "--grace: x (expected: a duration such as 500ms, 30s or 5m, 0s..1h)",
        "COMMAND: nothing (expected: -- and then the program that is the server, with its"
            + " arguments)");
    refused(say(), "COMMAND: nothing (expected: run, gateway or try)");
    refused(
        say("serve"),
        "serve: unknown (expected: see --help)",
        "COMMAND: nothing (expected: run, gateway or try)");
    refused(
        say("gateway", "--upstream", "1", "--", "x", "y"),
        "--: x y (expected: nothing: gateway starts no server, run does)");
    refused(
        say("gateway", "--upstream=1", "--upstream=2"),
        "option '--upstream' ([NAME=]HOST:PORT) should be specified only once");
  }

  @Test
  void aFileIsRead(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("vestibule.yaml");
    Files.writeString(file, "max-waiting: 7\nmax-waitin: 8\ngrace: 3\n");
    Answer wrong = say("run", "--config", file.toString(), "--", "x");
    assertThat(wrong.err())
        .contains(file + ":2: max-waitin (expected: one of ")
        .contains(file + ":3: grace: 3 (expected: a duration");
    Files.writeString(file, "max-waiting: 7\n");
    assertThat(say("run", "--config=" + file, "--", "x").read())
        .isInstanceOfSatisfying(
            Serving.Read.Serve.class,
            serve ->
                assertThat(serve.configuration().gateway().limits().maxWaiting()).isEqualTo(7));
  }

  @Test
  void aCheckSaysWhatIsInForceAndServesNothing() {
    Answer good = say(Map.of("PORT", "7001"), "run", "--grace=3s", "--check", "--", "x");
    assertThat(good.read()).isEqualTo(new Serving.Read.Done(0));
    assertThat(good.out())
        .containsPattern("listen +:7001 +PORT\n")
        .containsPattern("grace +3s +--grace\n")
        .endsWith("\nok\n");
    assertThat(good.err()).isEmpty();
    refused(
        say("run", "--grace=3", "--check", "--", "x"),
        "--grace: 3 (expected: a duration such as 500ms, 30s or 5m, 0s..1h)");
  }

  @Test
  void anOrdinaryStartIsQuiet() {
    Answer quiet = say("run", "--", "x", "--check", "--help");
    assertThat(quiet.read()).isInstanceOf(Serving.Read.Serve.class);
    assertThat(quiet.out() + quiet.err()).isEmpty();
    assertThat(say("run", "--verbose", "--", "x").err()).contains("hold-at-most");
  }

  @Test
  void helpNamesEveryFlag() {
    for (boolean run : new boolean[] {true, false}) {
      Answer help = say(run ? "run" : "gateway", "--help");
      assertThat(help.read()).isEqualTo(new Serving.Read.Done(0));
      for (Key key : Key.values()) {
        boolean others = run ? key == Key.UPSTREAM : key.place() == Place.CHILD;
        if (others || !key.isFlag()) {
          continue;
        }
        assertThat(help.out()).contains(key.flag());
      }
      assertThat(help.out().lines()).allMatch(line -> line.length() <= 110);
    }
    assertThat(say("--help").out()).contains("run", "gateway");
    assertThat(say("gateway", "--help").out()).doesNotContain("--restart");
    assertThat(say("--version").out()).startsWith("vestibule ");
  }

  @Test
  void aSocketThatIsInheritedIsUsed(@TempDir Path descriptors) throws IOException {
    Map<String, String> ours = Map.of("LISTEN_FDS", "1", "LISTEN_PID", "77");
    Mistakes mistakes = new Mistakes();
    Files.createSymbolicLink(descriptors.resolve("3"), Path.of("socket:[4]"));
    assertThat(Inherited.descriptor(ours, 77, descriptors, mistakes)).isEqualTo(3);
    assertThat(Inherited.descriptor(ours, 78, descriptors, mistakes)).isNull();
    assertThat(Inherited.descriptor(Map.of(), 77, descriptors, mistakes)).isNull();
    assertThat(mistakes.all()).isEmpty();

    Map<String, String> two = Map.of("LISTEN_FDS", "2", "LISTEN_PID", "77");
    assertThat(Inherited.descriptor(two, 77, descriptors, mistakes)).isNull();
    Files.delete(descriptors.resolve("3"));
    assertThat(Inherited.descriptor(ours, 77, descriptors, mistakes)).isNull();
    Files.createSymbolicLink(descriptors.resolve("3"), Path.of("/dev/null"));
    assertThat(Inherited.descriptor(ours, 77, descriptors, mistakes)).isNull();
    assertThat(mistakes.all())
        .containsExactly(
            "LISTEN_FDS: 2 (expected: 1, a socket to listen at)",
            "LISTEN_FDS: 1 (expected: descriptor 3 to be open)",
            "LISTEN_FDS: /dev/null (expected: descriptor 3 to be a socket)");
  }

  @Test
  void theLimitOfDescriptorsIsRead(@TempDir Path directory) throws IOException {
    Path limits = directory.resolve("limits");
    Files.writeString(
        limits,
        "Limit                     Soft Limit           Hard Limit           Units     \n"
            + "Max open files            4096                 524288               files     \n");
    assertThat(OpenFiles.most(limits)).isEqualTo(4096);
    assertThat(OpenFiles.most(directory.resolve("none"))).isEqualTo(Integer.MAX_VALUE);
  }
}
