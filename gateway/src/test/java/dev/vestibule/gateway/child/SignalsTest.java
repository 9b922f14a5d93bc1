package dev.vestibule.gateway.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class SignalsTest {

  private static final int HUP = 1;
  private static final int INT = 2;
  private static final int KILL = 9;
  private static final int TERM = 15;

  /** Prints each signal that it gets; TERM ends it with 5, unless it is deaf. */
  private static final String CHILD =
      "import signal, sys\n"
          + "deaf = len(sys.argv) > 1\n"
          + "def got(n, f):\n"
          + "  print('child got', n, flush=True)\n"
          + "  if n == 15 and not deaf: sys.exit(5)\n"
          + "for n in [1, 2, 10, 12, 14, 15, 18, 23, 28, 29, 30]: signal.signal(n, got)\n"
          + "print('child is up', flush=True)\n"
          + "while True: signal.pause()";

  private static List<String> command(String grace, String... child) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(SignalledProcess.class.getName());
    command.add(grace);
    command.addAll(List.of(child));
    return command;
  }

  /** A process with a child, whose lines are read. */
  private static final class Running implements AutoCloseable {
    final Process process;
    private final BufferedReader lines;
    long child;

    Running(List<String> command) throws IOException {
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      lines = process.inputReader();
    }

    /** Both have said so: the child may be faster. */
    void awaitUp() throws IOException {
      boolean up = false;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        up |= line.strip().equals("child is up");
        if (line.startsWith("started ")) {
          child = Long.parseLong(line.substring("started ".length()).strip());
        }
        if (up && child != 0) {
          return;
        }
      }
      throw new AssertionError("ended without being up");
    }

    void awaitLine(String wanted) throws IOException {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.strip().equals(wanted)) {
          return;
        }
      }
      throw new AssertionError("ended without saying: " + wanted);
    }

    void send(int signal) {
      assertThat(Kill.send(process.pid(), signal)).isTrue();
    }

    @Override
    public void close() {
      process.destroyForcibly();
      if (child != 0) {
        ProcessHandle.of(child).ifPresent(ProcessHandle::destroyForcibly);
      }
    }
  }

  @Test
  void termDrainsReachesTheChildAndItsCodeIsOurs() throws Exception {
    try (Running running = new Running(command("30000", "python3", "-c", CHILD))) {
      running.awaitUp();
      running.send(TERM);
      running.awaitLine("draining");
      running.awaitLine("child got 15");
      running.awaitLine("exited 5");
      assertThat(running.process.waitFor()).isEqualTo(5);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {HUP, 10, 12, 14, 18, 23, 28, 29, 30})
  void theOthersArePassedOn(int signal) throws Exception {
    // In a session of its own, without a terminal, wherever this test runs.
    List<String> command = command("30000", "python3", "-c", CHILD);
    command.addFirst("setsid");
    try (Running running = new Running(command)) {
      running.awaitUp();
      running.send(signal);
      running.awaitLine("child got " + signal);
      running.send(TERM);
      running.awaitLine("exited 5");
    }
  }

  @Test
  void whoInterruptsTwiceDoesNotWait() throws Exception {
    List<String> command = command("3600000", "python3", "-c", CHILD, "deaf");
    command.addFirst("setsid");
    try (Running running = new Running(command)) {
      running.awaitUp();
      running.send(INT);
      running.awaitLine("child got 2");
      running.send(INT);
      running.awaitLine("exited 137");
      assertThat(running.process.waitFor()).isEqualTo(137);
    }
  }

  @Test
  void onATerminalAnInterruptReachesTheChildOnce() throws Exception {
    // Presses Ctrl-C on a terminal of its own, and shows what is printed there.
    String terminal =
        "import os, pty, sys\n"
            + "pid, fd = pty.fork()\n"
            + "if pid == 0: os.execvp(sys.argv[1], sys.argv[1:])\n"
            + "seen, pressed = b'', False\n"
            + "while True:\n"
            + "  try: some = os.read(fd, 1000)\n"
            + "  except OSError: break\n"
            + "  seen += some\n"
            + "  if not pressed and b'child is up' in seen: os.write(fd, b'\\x03'); pressed = True\n"
            + "sys.stdout.buffer.write(seen.replace(b'^C', b''))\n"
            + "sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))";
    List<String> command = new ArrayList<>(List.of("python3", "-c", terminal));
    command.addAll(command("2000", "python3", "-c", CHILD));
    Process process = new ProcessBuilder(command).start();
    List<String> lines = process.inputReader().readAllLines();
    assertThat(process.waitFor()).as("%s", lines).isEqualTo(5);
    assertThat(lines).containsOnlyOnce("child got 2", "draining", "child got 15");
  }

  @Test
  void aChildThatAskedForItDiesWithUs() throws Exception {
    assumeThat(Files.exists(Path.of("/usr/bin/setpriv"))).isTrue();
    List<String> command =
        command("30000", "setpriv", "--pdeathsig", "KILL", "python3", "-c", CHILD);
    try (Running running = new Running(command)) {
      running.awaitUp();
      // Not before: the thread that started it lives on.
      running.send(10);
      running.awaitLine("child got 10");
      ProcessHandle child = ProcessHandle.of(running.child).orElseThrow();
      running.send(KILL);
      child.onExit().get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void withoutThatItLivesOn() throws Exception {
    try (Running running = new Running(command("30000", "python3", "-c", CHILD))) {
      running.awaitUp();
      running.send(KILL);
      running.process.waitFor();
      assertThat(Kill.send(running.child, 0)).isTrue();
    }
  }

  @Test
  void knowsItsTerminal() {
    assertThat(Signals.isOnTerminal("1 (a) b ( c) S 1 77 77 34816 77 4194304 1")).isTrue();
    assertThat(Signals.isOnTerminal("1 (java) S 1 77 77 34816 78 4194304 1")).isFalse();
    assertThat(Signals.isOnTerminal("1 (java) S 1 77 77 0 -1 4194304 1")).isFalse();
  }
}
