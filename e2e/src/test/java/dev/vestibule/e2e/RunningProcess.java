package dev.vestibule.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A process whose lines, from both its outputs, can be waited for. Every wait is bounded. */
final class RunningProcess implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 120;

  private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();

  static {
    // A test that is interrupted must leave nothing behind.
    Runtime.getRuntime().addShutdownHook(new Thread(RunningProcess::killAll, "kill processes"));
  }

  private final Process process;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<String> lines = new ArrayList<>();
  private boolean ended;

  RunningProcess(ProcessBuilder builder) throws IOException {
    process = builder.redirectErrorStream(true).start();
    ALIVE.add(process);
    var _ = process.onExit().thenAccept(ALIVE::remove);
    Thread.ofVirtual().name("output of " + builder.command().get(0)).start(this::read);
  }

  private static void killAll() {
    for (Process process : ALIVE) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private void read() {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        String seen = line;
        change(() -> lines.add(seen));
      }
    } catch (IOException e) {
      change(() -> lines.add("[output lost: " + e + "]"));
    } finally {
      change(() -> ended = true);
    }
  }

  private void change(Runnable what) {
    lock.lock();
    try {
      what.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a line in which the expression is found, among all lines so far and to come. */
  Matcher await(String expression) throws InterruptedException {
    return await(expression, 1);
  }

  /** The same for the last of so many such lines. */
  Matcher await(String expression, int lineCount) throws InterruptedException {
    Pattern pattern = Pattern.compile(expression);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    int next = 0;
    int found = 0;
    lock.lock();
    try {
      while (true) {
        for (; next < lines.size(); next++) {
          Matcher matcher = pattern.matcher(lines.get(next));
          if (matcher.find() && ++found == lineCount) {
            return matcher;
          }
        }
        long left = deadline - System.nanoTime();
        if (ended || left <= 0) {
          throw new AssertionError("no line with '" + expression + "' in:\n" + output());
        }
        changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  long count(String expression) {
    Pattern pattern = Pattern.compile(expression);
    lock.lock();
    try {
      return lines.stream().filter(line -> pattern.matcher(line).find()).count();
    } finally {
      lock.unlock();
    }
  }

  /** Which of these texts were in the lines so far, one for each time, in order. */
  List<String> order(String... texts) {
    lock.lock();
    try {
      return lines.stream().flatMap(line -> Stream.of(texts).filter(line::contains)).toList();
    } finally {
      lock.unlock();
    }
  }

  String output() {
    lock.lock();
    try {
      return String.join("\n", lines);
    } finally {
      lock.unlock();
    }
  }

  void say(String line) {
    try {
      var input = process.outputWriter(StandardCharsets.UTF_8);
      input.write(line + "\n");
      input.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(output(), e);
    }
  }

  /** SIGTERM. */
  void terminate() {
    // Process.destroy closes the outputs, and what is said in the end would not be heard.
    process.toHandle().destroy();
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly();
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  int exitCode() throws InterruptedException {
    return exitCode(PATIENCE_SECONDS);
  }

  /** The same for what takes longer than anything else. */
  int exitCode(long seconds) throws InterruptedException {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      throw new AssertionError("still running:\n" + output());
    }
    lock.lock();
    try {
      while (!ended) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
