package dev.vestibule.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.chat.model.ModelLimits;
import dev.vestibule.chat.model.ModelSettings;
import dev.vestibule.environment.EffectiveSettings.Setting;
import dev.vestibule.environment.Environment;
import dev.vestibule.environment.Platform;
import dev.vestibule.environment.Presets;
import dev.vestibule.spring.LogFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandLineTest {

  private record Said(int code, String text) {}

  private static Said say(String... args) {
    PrintStream before = System.err;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      int code = CommandLineOfChat.execute(args, null, null);
      return new Said(code, err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setErr(before);
    }
  }

  @Test
  void allMistakesAreNamedInOneMessage(@TempDir Path directory) throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    Said said =
        say(
            "--port=-1",
            "--address=",
            "--data=" + file,
            "--slow=sleep=3s",
            "--slow=services=fast",
            "--slow=cache",
            "--origin=https://chat.example/page",
            "--admin-port=65536",
            "--environment=prod",
            "--readiness-strategy=hope",
            "--readiness-interval=0ms",
            "--log-format=xml",
            "--history-seed=" + directory,
            "--nonsense");

    assertThat(said.code()).isEqualTo(2);
    assertThat(said.text())
        .contains("--port: -1 (expected: 0..65535)")
        .contains("--address:  (expected: an address of this machine)")
        .contains("--data: " + file + " (expected: a directory)")
        .contains(
            "--slow: sleep=3s (expected: one of the phases init, dependencies, database, cache,"
                + " services, websocket, finalize)")
        .contains("--slow: services=fast (expected: a duration such as 500ms, 3s or 1m")
        .contains("--slow: cache (expected: PHASE=DURATION")
        .contains("--origin: https://chat.example/page (expected: scheme, host and port alone")
        .contains("--admin-port: 65536 (expected: 0..65535)")
        .contains(
            "--environment: prod (expected: one of production, staging, development, test, local)")
        .contains("--readiness-strategy: hope (expected: one of signal, fixed, progressive)")
        .contains("--readiness-interval: 0ms (expected: a duration such as 100ms")
        .contains("--log-format: xml (expected: one of text, ecs, cloud)")
        .contains("--history-seed: " + directory + " (expected: a file that can be read)")
        .contains("--nonsense")
        .doesNotContain("\tat ");
  }

  @Test
  void aPortThatIsNoNumberIsNamed() {
    assertThat(say("--port=http").text()).contains("--port: http (expected: 0..65535)");
    assertThat(say("--port=65536").text()).contains("--port: 65536 (expected: 0..65535)");
    assertThat(say("--port").code()).isEqualTo(2);
  }

  @Test
  void aPortInUseIsNamed() throws IOException {
    try (var taken = new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String[] args = {"--port", String.valueOf(taken.getLocalPort())};
      IOException closed = null;
      try {
        EarlyArguments.open(args);
      } catch (IOException e) {
        closed = e;
      }
      assertThat(closed).isNotNull();
      assertThat(CommandLineOfChat.execute(args, null, closed)).isEqualTo(2);
    }
  }

  @Test
  void theDoorIsOpenedForAServerAlone() throws IOException {
    assertThat(EarlyArguments.open(new String[] {"user", "add", "ada"})).isNull();
    assertThat(EarlyArguments.open(new String[] {"--port=-1"})).isNull();
    assertThat(EarlyArguments.open(new String[] {"--port", "x"})).isNull();
    try (var door = EarlyArguments.open(new String[] {"--port=7", "--port", "0"})) {
      assertThat(Objects.requireNonNull(door).address().getAddress().isLoopbackAddress()).isTrue();
    }
  }

  @Test
  void durationsAndOriginsAreRead() {
    Options options = new Options();
    assertThat(options.slow(List.of("services=3s", "cache=500ms", "init=1m")))
        .isEqualTo(
            Map.of(
                "services", Duration.ofSeconds(3),
                "cache", Duration.ofMillis(500),
                "init", Duration.ofMinutes(1)));
    assertThat(options.origins(List.of("https://chat.example", "http://localhost:3000")))
        .containsExactly("https://chat.example", "http://localhost:3000");
    assertThat(options.mistakes()).isEmpty();
    options.slow(List.of("init=0s", "init=61m", "cache=1s", "cache=2s"));
    assertThat(options.mistakes()).hasSize(3 + 1);
  }

  private static Surroundings choose(
      Choices.Said said, Map<String, String> variables, Map<String, String> properties) {
    Options options = new Options();
    Surroundings chosen = new Choices(options, variables, properties).choose(said);
    assertThat(options.mistakes()).isEmpty();
    return chosen;
  }

  @Test
  void optionsWinOverPropertiesAndThoseOverVariables() {
    Choices.Said nothing = new Choices.Said(null, null, null, null);
    Surroundings anywhere = choose(nothing, Map.of(), Map.of());
    assertThat(anywhere.presets()).isEqualTo(Surroundings.DEFAULT.presets());
    assertThat(anywhere.strategy()).isSameAs(Surroundings.DEFAULT.strategy());
    assertThat(anywhere.chosen()).allMatch(it -> it.source().equals("default"));

    Map<String, String> variables =
        Map.of(
            "VESTIBULE_ENVIRONMENT", "staging",
            "VESTIBULE_READINESS_STRATEGY", "fixed",
            "VESTIBULE_READINESS_INTERVAL", "250ms",
            "K_SERVICE", "chat");
    Surroundings surroundings =
        choose(
            new Choices.Said("development", null, null, null),
            variables,
            Map.of("vestibule.readiness.strategy", "Progressive"));
    assertThat(surroundings.presets())
        .isEqualTo(new Presets(Environment.DEVELOPMENT, Platform.CLOUD_RUN));
    assertThat(surroundings.format()).isEqualTo(LogFormat.CLOUD);
    assertThat(surroundings.chosen())
        .containsExactly(
            new Setting("environment", "development", "--environment"),
            new Setting(
                "readiness.strategy",
                "progressive",
                "system property vestibule.readiness.strategy"),
            new Setting("logging.format", "cloud", "Cloud Run"));
    assertThat(choose(nothing, variables, Map.of()).chosen())
        .contains(new Setting("readiness.interval", "250ms", "VESTIBULE_READINESS_INTERVAL"));
  }

  @Test
  void whatDoesNotCountInTheChatIsRefused() {
    Options options = new Options();
    new Choices(
            options,
            Map.of(
                "VESTIBULE_HOLD_AT_MOST", "5s",
                "VESTIBULE_MAX_WAITING_PER_CLIENT", "7",
                "VESTIBULE_HISTORY_FILE", "x",
                "VESTIBULE_DRAIN_GRACE", "5s"),
            Map.of("vestibule.routes[0].path", "/x", "vestibule.ready.when", "open"))
        .choose(new Choices.Said(null, null, "20ms", null));
    assertThat(options.mistakes())
        .containsExactly(
            "VESTIBULE_HISTORY_FILE: x (expected: nothing, the chat keeps it in --data; there is"
                + " --history-seed)",
            "VESTIBULE_HOLD_AT_MOST: 5s (expected: nothing, the chat has its own)",
            "VESTIBULE_MAX_WAITING_PER_CLIENT: 7 (expected: nothing, the chat has its own)",
            "system property vestibule.routes[0].path: /x (expected: nothing, the chat has its"
                + " own)",
            "--readiness-interval: 20ms (expected: together with --readiness-strategy fixed)");
  }

  @Test
  void theListNamesTheHistoryThatIsUsed(@TempDir Path directory) {
    Settings settings =
        new Settings(0, InetAddress.getLoopbackAddress(), directory, Map.of(), Set.of());
    assertThat(settings.surroundings().effective(settings).settings())
        .contains(new Setting("history.file", directory.resolve("history").toString(), "data"));
  }

  @Test
  void whatIsSlowEndsWhenToldOnTheInput() throws Exception {
    new SlowUntilTold(new ByteArrayInputStream(new byte[1])).rest(Duration.ofHours(1));
    new SlowUntilTold(InputStream.nullInputStream()).rest(Duration.ofMillis(1));
  }

  @Test
  void aWrongVariableIsLeftToTheStarterWhichNamesAllOfThem() {
    Surroundings surroundings =
        choose(
            new Choices.Said(null, null, null, null),
            Map.of("VESTIBULE_ENVIRONMENT", "prod", "VESTIBULE_READINESS_STRATEGY", "hope"),
            Map.of());
    assertThat(surroundings.presets().environment()).isEqualTo(Environment.PRODUCTION);
    assertThat(surroundings.strategy().name()).isEqualTo("signal");
  }

  @Test
  void theDataDirectoryFollowsTheDesktopsRules() {
    Options options = new Options();
    assertThat(options.data(null, Map.of("XDG_DATA_HOME", "/tmp/xdg")))
        .isEqualTo(Path.of("/tmp/xdg/vestibule"));
    assertThat(options.data(null, Map.of()))
        .isEqualTo(Path.of(System.getProperty("user.home"), ".local/share/vestibule"));
  }

  private static @Nullable ModelSettings model(
      Options options, Map<String, String> environment, String... args) {
    ModelOptions read = new ModelOptions();
    new CommandLine(read).parseArgs(args);
    return read.read(options, environment);
  }

  @Test
  void aModelIsReadWithItsKeyFromTheEnvironmentOrAFile(@TempDir Path directory) throws IOException {
    Options options = new Options();
    assertThat(model(options, Map.of())).isNull();
    ModelSettings plain =
        model(
            options,
            Map.of(),
            "--model-url=http://127.0.0.1:11434/v1",
            "--model-name=llama3.2",
            "--model-timeout=answer=2m",
            "--model-timeout=first-token=90s");
    assertThat(plain)
        .isEqualTo(
            new ModelSettings(
                URI.create("http://127.0.0.1:11434/v1"),
                "llama3.2",
                null,
                new ModelLimits(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(90),
                    Duration.ofSeconds(20),
                    Duration.ofMinutes(2))));

    String[] hosted = {"--model-url=https://models.example/v1", "--model-name=large"};
    ModelSettings keyed = model(options, Map.of(ModelOptions.KEY_VARIABLE, "sk-secret"), hosted);
    assertThat(Objects.requireNonNull(keyed).key()).hasToString("******");
    assertThat(keyed.toString()).contains("key=******").doesNotContain("secret");
    Path file = Files.writeString(directory.resolve("key"), "sk-secret\n");
    ModelSettings filed =
        model(options, Map.of(), hosted[0], hosted[1], "--model-key-file=" + file);
    assertThat(Objects.requireNonNull(filed).key()).isNotNull();
    assertThat(options.mistakes()).isEmpty();
  }

  @Test
  void mistakesAboutAModelAreNamedWithoutTheKey(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("key"), "sk-secret and\nmore");
    Said said =
        say(
            "--port=-1",
            "--model-url=ftp://me:sk-secret@models.example/v1?key=sk-secret",
            "--model-key=sk-secret",
            "--model-key-file=" + file,
            "--model-timeout=answer",
            "--model-timeout=lunch=1s",
            "--model-timeout=connect=fast",
            "--model-timeout=answer=1s",
            "--model-timeout=answer=2s");

    assertThat(said.code()).isEqualTo(2);
    assertThat(said.text())
        .contains("--port: -1")
        .contains("--model-url: ftp://******@models.example/v1?... (expected: http or https")
        .contains("--model-name: nothing (expected: the model's name")
        .contains("--model-key: ****** (expected: CHAT_MODEL_KEY or --model-key-file")
        .contains("--model-key-file: ****** (expected: one line of visible ASCII")
        .contains("--model-timeout: answer (expected: WHAT=DURATION, WHAT one of connect")
        .contains("--model-timeout: lunch=1s (expected: WHAT=DURATION")
        .contains("--model-timeout: connect=fast (expected: a duration")
        .contains("--model-timeout: answer=2s (expected: each once)")
        .doesNotContain("secret", "\tat ");
    assertThat(say("--model-name=x", "--model-timeout=answer=1s", "--port=x").text())
        .contains("--model-name: x (expected: together with --model-url)")
        .contains("--model-timeout: answer=1s (expected: together with --model-url)");
  }

  @Test
  void aNameThatCannotBeOneIsNamed() {
    Said said = say("user", "add", "../ada");
    assertThat(said.code()).isEqualTo(2);
    assertThat(said.text()).contains("NAME: ../ada (expected:");
    assertThat(say("user").code()).isEqualTo(2);
    assertThat(say("user", "add").code()).isEqualTo(2);
  }
}
