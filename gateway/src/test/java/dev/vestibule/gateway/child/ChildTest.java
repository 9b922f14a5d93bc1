package dev.vestibule.gateway.child;

import static dev.vestibule.gateway.child.ChildScene.python;
import static dev.vestibule.gateway.child.ChildScene.settings;
import static dev.vestibule.gateway.upstream.UpstreamScene.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vestibule.StartupState;
import dev.vestibule.gateway.child.ChildSettings.Restart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(180)
class ChildTest {

  /** Listens where it is told, and waits. */
  private static final String SERVER =
      "import os, signal, socket\n"
          + "s = socket.create_server((os.environ['HOST'], int(os.environ['PORT'])))\n"
          + "signal.pause()";

  private static final int TERM = 15;

  @TempDir Path directory;

  @Test
  void isStartedAndReadyOnceItListens() {
    try (ChildScene scene = new ChildScene(settings(Restart.ON_FAILURE, python(SERVER)))) {
      scene.child.start();
      await(scene.scene::isReady);
      assertThat(scene.events).containsExactly("started");
      assertThat(scene.scene.upstream.address()).isEqualTo(scene.addresses.getFirst());
      assertThat(scene.scene.upstream.comesBack()).isTrue();
      scene.child.stop(TERM, false);
      assertThat(scene.code()).isEqualTo(128 + TERM);
      assertThat(scene.events).containsExactly("started", "exited 143 restarts in null");
      // Sessions that end with it hear 1012, as those that the drain closed.
      assertThat(scene.scene.upstream.comesBack()).isTrue();
    }
  }

  @Test
  void killedItIsStartedAgainElsewhereLaterEachTimeAndThenGivenUp() throws Exception {
    try (ChildScene scene = new ChildScene(settings(Restart.ON_FAILURE, python(SERVER)))) {
      scene.child.start();
      long[] delays = {100, 200, 400, 800, 1600};
      for (int i = 0; i < delays.length; i++) {
        await(scene.scene::isReady);
        int starts = i + 1;
        kill(scene.pids.get(i));
        await(() -> scene.events.size() == 2 * starts);
        Duration delay = Duration.ofMillis(delays[i]);
        assertThat(scene.events.getLast()).isEqualTo("exited 137 restarts in " + delay);
        scene.scene.settle();
        assertThat(scene.scene.isReady()).isFalse();
        assertThat(scene.scene.upstream.comesBack()).isTrue();
        assertThat(scene.scene.upstream.address()).isNull();
        scene.scene.settle();
        scene.scene.time.advance(delay.minusNanos(1));
        scene.scene.settle();
        assertThat(scene.events).hasSize(2 * starts);
        scene.scene.time.advance(Duration.ofNanos(1));
        await(() -> scene.events.size() == 2 * starts + 1);
      }
      await(scene.scene::isReady);
      assertThat(scene.addresses).doesNotHaveDuplicates();
      kill(scene.pids.getLast());
      assertThat(scene.code()).isEqualTo(137);
      assertThat(scene.events).endsWith("exited 137 restarts in null", "gave up 137");
      assertThat(scene.scene.upstream.comesBack()).isFalse();
      assertThat(scene.scene.upstream.startup().snapshot().state()).isEqualTo(StartupState.FAILED);
    }
  }

  @Test
  void onceItWasReadyForLongTheCountBeginsAgain() throws Exception {
    try (ChildScene scene = new ChildScene(settings(Restart.ON_FAILURE, python(SERVER)))) {
      scene.child.start();
      for (int i = 0; i < 3; i++) {
        await(scene.scene::isReady);
        // The last of three after ten seconds of being ready.
        if (i == 2) {
          scene.scene.settle();
          scene.scene.time.advance(ChildSettings.SETTLED);
        }
        int starts = i + 1;
        kill(scene.pids.get(i));
        await(() -> scene.events.size() == 2 * starts);
        String delay = i == 1 ? "PT0.2S" : "PT0.1S";
        assertThat(scene.events.getLast()).endsWith(delay);
        scene.scene.settle();
        scene.scene.time.advance(Duration.ofSeconds(1));
        await(() -> scene.events.size() == 2 * starts + 1);
      }
    }
  }

  @Test
  void delaysDoubleUpToTheirCap() {
    assertThat(ChildSettings.of(List.of("x")).delay(0)).isEqualTo(Duration.ofMillis(100));
    assertThat(ChildSettings.of(List.of("x")).delay(5)).isEqualTo(Duration.ofMillis(3200));
    assertThat(ChildSettings.of(List.of("x")).delay(6)).isEqualTo(Duration.ofSeconds(5));
    assertThat(ChildSettings.of(List.of("x")).delay(1000)).isEqualTo(Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @CsvSource({"ON_FAILURE, 0, false", "ALWAYS, 0, true", "NEVER, 3, false", "ON_FAILURE, 3, true"})
  void byItsOwnCodeItIsStartedAgainOrNot(Restart restart, int code, boolean again) {
    try (ChildScene scene = new ChildScene(settings(restart, "sh", "-c", "exit " + code))) {
      scene.child.start();
      await(() -> scene.events.size() == 2);
      String delay = again ? "PT0.1S" : "null";
      assertThat(scene.events)
          .containsExactly("started", "exited %d restarts in %s".formatted(code, delay));
      if (!again) {
        assertThat(scene.code()).isEqualTo(code);
      }
      scene.child.stop(TERM, false);
      assertThat(scene.code()).isEqualTo(code);
    }
  }

  @Test
  void whatCannotBeStartedIsSaidAsShellsDo() throws Exception {
    Path plain = Files.writeString(directory.resolve("plain"), "echo");
    Path noInterpreter = Files.writeString(directory.resolve("odd"), "#!/nowhere/sh\n");
    assertThat(noInterpreter.toFile().setExecutable(true)).isTrue();
    for (String[] command :
        List.of(
            new String[] {"no-such-program-here", "127"},
            new String[] {directory + "/none", "127"},
            new String[] {plain.toString(), "126"},
            new String[] {noInterpreter.toString(), "126"},
            new String[] {directory.toString(), "126"})) {
      try (ChildScene scene = new ChildScene(settings(Restart.ALWAYS, command[0]))) {
        scene.child.start();
        assertThat(scene.code()).as(command[0]).isEqualTo(Integer.parseInt(command[1]));
        assertThat(scene.events).containsExactly("gave up " + command[1]);
      }
    }
  }

  @Test
  void whoDoesNotEndWithinItsGraceIsKilled() throws Exception {
    String deaf = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + SERVER;
    try (ChildScene scene = new ChildScene(settings(Restart.ALWAYS, python(deaf)))) {
      scene.child.start();
      await(scene.scene::isReady);
      scene.scene.settle();
      scene.child.stop(TERM, false);
      await(() -> scene.scene.time.pending() == 1);
      scene.scene.time.advance(Duration.ofSeconds(30).minusNanos(1));
      scene.scene.settle();
      assertThat(ProcessHandle.of(scene.pids.getFirst())).isPresent();
      assertThat(scene.isOver()).isFalse();
      scene.scene.time.advance(Duration.ofNanos(1));
      assertThat(scene.code()).isEqualTo(137);
    }
  }

  @Test
  void whatItsTerminalHasSentIsNotSentAgainButTermIsAfterHalfOfTheGrace() {
    String counts =
        "import signal, sys\nsignal.signal(signal.SIGINT, lambda *a: sys.exit(7))\n" + SERVER;
    try (ChildScene scene = new ChildScene(settings(Restart.ALWAYS, python(counts)))) {
      scene.child.start();
      await(scene.scene::isReady);
      scene.scene.settle();
      await(() -> scene.scene.time.pending() == 0);
      scene.child.stop(2, true);
      await(() -> scene.scene.time.pending() == 1);
      scene.scene.time.advance(Duration.ofSeconds(15));
      assertThat(scene.code()).isEqualTo(143);
    }
  }

  @Test
  void signalsArePassedOn() {
    String answers =
        "import signal, sys\nsignal.signal(signal.SIGUSR1, lambda *a: sys.exit(9))\n" + SERVER;
    try (ChildScene scene = new ChildScene(settings(Restart.ON_FAILURE, python(answers)))) {
      scene.child.signal(10);
      scene.child.start();
      await(scene.scene::isReady);
      scene.child.signal(10);
      await(() -> scene.events.size() == 2);
      assertThat(scene.events.getLast()).startsWith("exited 9 ");
      scene.child.signal(10);
    }
  }

  @Test
  void stoppedWhileItWaitsForItsRestartItIsOver() {
    try (ChildScene scene = new ChildScene(settings(Restart.ALWAYS, "sh", "-c", "exit 3"))) {
      scene.child.start();
      await(() -> scene.events.size() == 2);
      scene.child.stop(TERM, false);
      assertThat(scene.code()).isEqualTo(3);
      assertThat(scene.scene.time.pending()).isZero();
    }
  }

  @Test
  void onceItsEndHasBegunItIsNotStartedAgain() throws Exception {
    try (ChildScene scene = new ChildScene(settings(Restart.ALWAYS, python(SERVER)))) {
      scene.child.start();
      await(scene.scene::isReady);
      scene.child.endsSoon(Duration.ofSeconds(10));
      kill(scene.pids.getFirst());
      assertThat(scene.code()).isEqualTo(137);
      assertThat(scene.events).containsExactly("started", "exited 137 restarts in null");
    }
  }

  @Test
  void whatTheDrainTookItDoesNotHaveAgain() throws Exception {
    String deaf = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + SERVER;
    try (ChildScene scene = new ChildScene(settings(Restart.ALWAYS, python(deaf)))) {
      scene.child.start();
      await(scene.scene::isReady);
      scene.child.endsSoon(Duration.ofSeconds(10));
      scene.scene.settle();
      scene.scene.time.advance(Duration.ofSeconds(7));
      scene.child.stop(TERM, false);
      await(() -> scene.scene.time.pending() == 1);
      scene.scene.time.advance(Duration.ofSeconds(3).minusNanos(1));
      scene.scene.settle();
      assertThat(scene.isOver()).isFalse();
      scene.scene.time.advance(Duration.ofNanos(1));
      assertThat(scene.code()).isEqualTo(137);
    }
  }

  @Test
  void whoListensElsewhereIsFound() throws Exception {
    int elsewhere = InnerPort.find().getPort();
    // By a process that it started, as shells and package managers do.
    String python = SERVER.replace("int(os.environ['PORT'])", String.valueOf(elsewhere));
    String[] command = {"sh", "-c", "python3 -c \"$0\" & wait", python};
    try (ChildScene scene = new ChildScene(settings(Restart.ALWAYS, command))) {
      scene.child.start();
      await(() -> !scene.events.isEmpty() && listens(elsewhere));
      scene.scene.settle();
      scene.scene.time.advance(Duration.ofSeconds(2));
      await(() -> scene.events.contains("listens on " + elsewhere));
      ProcessHandle.of(scene.pids.getFirst())
          .ifPresent(it -> it.descendants().forEach(ProcessHandle::destroyForcibly));
    }
  }

  @Test
  void killedBeforeItWasStartedItDoesNotStay() {
    try (ChildScene scene = new ChildScene(settings(Restart.ALWAYS, python(SERVER)))) {
      scene.child.start();
      scene.child.kill();
      assertThat(scene.code()).isIn(0, 137);
    }
  }

  @Test
  void saysThatItIsReadyAndALateWordOfTheOldOneDoesNotCount() throws Exception {
    String notifies =
        "import os, socket, signal, time\n"
            + "def say(what): socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)"
            + ".sendto(what, os.environ['NOTIFY_SOCKET'])\n"
            + "signal.signal(signal.SIGUSR1, lambda *a: say(b'READY=1'))\n"
            + "signal.signal(signal.SIGUSR2, lambda *a: say(b'STOPPING=1'))\n"
            + "say(b'STATUS=here')\n"
            + "while True: signal.pause()";
    List<String> command = List.of(python(notifies));
    ChildSettings settings =
        new ChildSettings(command, null, Restart.ALWAYS, 5, true, Duration.ofSeconds(30));
    try (ChildScene scene = new ChildScene(settings)) {
      scene.child.start();
      await(() -> "here".equals(scene.child.status()));
      assertThat(scene.scene.isReady()).isFalse();
      scene.child.signal(10);
      await(scene.scene::isReady);
      scene.child.signal(12);
      await(() -> !scene.scene.isReady());
      kill(scene.pids.getFirst());
      await(() -> scene.events.size() == 2);
      assertThat(scene.child.status()).isNull();
      scene.scene.settle();
      scene.scene.time.advance(Duration.ofMillis(100));
      await(() -> "here".equals(scene.child.status()));
      assertThat(scene.scene.isReady()).isFalse();
      scene.child.signal(10);
      await(scene.scene::isReady);
    }
  }

  @Test
  void whoSaidThatItIsReadyAndCannotBeReachedIsAsked() {
    String script =
        "import os, socket, signal\n"
            + "kept = []\n"
            + "def listen(*a): kept.append("
            + "socket.create_server((os.environ['HOST'], int(os.environ['PORT']))))\n"
            + "signal.signal(signal.SIGUSR1, listen)\n"
            + "socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)"
            + ".sendto(b'READY=1', os.environ['NOTIFY_SOCKET'])\n"
            + "while True: signal.pause()";
    ChildSettings settings =
        new ChildSettings(
            List.of(python(script)), null, Restart.ALWAYS, 5, true, Duration.ofSeconds(30));
    try (ChildScene scene = new ChildScene(settings)) {
      scene.child.start();
      await(scene.scene::isReady);
      var upstream = scene.scene.upstream;
      upstream.lost(upstream.startup(), new IllegalStateException("refused"));
      scene.scene.settle();
      assertThat(scene.scene.isReady()).isFalse();
      scene.child.signal(10);
      await(scene.scene::isReady);
    }
  }

  @Test
  void onePortForEveryStartIfThatIsAskedFor() throws Exception {
    int port = InnerPort.find().getPort();
    ChildSettings settings =
        new ChildSettings(
            List.of(python(SERVER)), port, Restart.ALWAYS, 5, false, Duration.ofSeconds(30));
    try (ChildScene scene = new ChildScene(settings)) {
      scene.child.start();
      await(scene.scene::isReady);
      kill(scene.pids.getFirst());
      await(() -> scene.events.size() == 2);
      scene.scene.settle();
      scene.scene.time.advance(Duration.ofMillis(100));
      await(scene.scene::isReady);
      assertThat(scene.addresses).allMatch(at -> at.getPort() == port).hasSize(2);
    }
  }

  @Test
  void mistakesAreToldAtOnce() {
    assertThatThrownBy(() ->
            new ChildSettings(List.of(), 0, Restart.ALWAYS, -1, false, Duration.ofSeconds(-1)))
        .hasMessage(
            """
            command: empty (expected: a program and its arguments)
            innerPort: 0 (expected: 1 to 65535)
            mostRestarts: -1 (expected: >= 0)
            grace: PT-1S (expected: >= PT0S)\
            """);
  }

  private static void kill(long pid) {
    assertThat(Kill.send(pid, 9)).isTrue();
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
