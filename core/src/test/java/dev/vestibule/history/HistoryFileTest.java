package dev.vestibule.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.vestibule.Estimate;
import dev.vestibule.Logs;
import dev.vestibule.PhaseSnapshot;
import dev.vestibule.Startup;
import dev.vestibule.StartupState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryFileTest {

  private final Exception fault = new Exception("broken");

  private final World world = new World();
  private final Logs logs = Logs.capture();
  @TempDir private Path directory;

  @AfterEach
  void release() {
    logs.close();
  }

  @Test
  void theNextProcessKnows() throws Exception {
    world.past(open(), 1, 2, 5, 3);
    String key = Graphs.key(World.graph(world.diamond()));
    assertThat(Files.readString(file()))
        .isEqualTo(
            "vestibule-history 1\n"
                + key
                + " 2026-03-01T06:30:09Z complete 9000.000"
                + " bottom=3000.000 left=2000.000 right=5000.000 top=1000.000\nend 1\n");
    assertThat(whole(open())).isEqualTo(9.0);
    assertThat(logs.warnings()).isEmpty();
  }

  @Test
  void isNotWrittenBeforeStartupIsOver() {
    Startup startup = world.diamond();
    open().follow(startup);
    startup.start();
    startup.signal("top").ready();
    assertThat(file()).doesNotExist();
    world.later(startup, 4);
    startup.close();
    assertThat(file())
        .content()
        .contains(
            " 2026-03-01T06:30:04Z closed 4000.000 bottom>0.000 left>4000.000 right>4000.000 top=0.000\n");
  }

  @Test
  void aStartupInWhichNothingBeganIsNotKept() {
    Startup startup = world.diamond();
    open().follow(startup);
    startup.close();
    assertThat(file()).doesNotExist();
  }

  @Test
  void twoThatEndAtTheSameTimeLoseNothing() throws Exception {
    History one = open();
    History other = open();
    world.past(one, 1, 2, 5, 3);
    world.past(other, 1, 2, 4, 3);
    assertThat(new HistoryFile(file()).read()).hasSize(2);
  }

  /** Two real processes, twenty starts each, at the same time. */
  @Test
  void twoProcessesThatWriteLoseNothing() throws Exception {
    Process one = child("20", "1000");
    Process other = child("20", "2000");
    assertThat(one.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(other.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(one.exitValue()).isZero();
    assertThat(other.exitValue()).isZero();
    assertThat(new HistoryFile(file()).read())
        .hasSize(40)
        .filteredOn(start -> start.phases().containsValue(new PhaseTime(PhaseTime.End.READY, 1000)))
        .hasSize(20);
  }

  @Test
  void whoIsKilledBeforeItsFileIsInPlaceLeavesTheOldOne() throws Exception {
    world.past(open(), 1, 2, 5, 3);
    String before = Files.readString(file());
    Process killed = child("halt", "3000");
    assertThat(killed.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(killed.exitValue()).isEqualTo(HistoryChild.HALTED);
    assertThat(directory.resolve("history.new")).exists();
    assertThat(file()).hasContent(before);
    world.past(open(), 1, 2, 5, 3);
    assertThat(new HistoryFile(file()).read()).hasSize(2);
    assertThat(directory.resolve("history.new")).doesNotExist();
    assertThat(logs.warnings()).isEmpty();
  }

  @Test
  void waitsForWhoeverHoldsTheLock() throws Exception {
    History history = open();
    new HistoryFile(file()).underLock(() -> world.past(history, 1, 2, 5, 3));
    assertThat(file()).as("the lock was held for an hour").doesNotExist();
    assertThat(logs.warnings())
        .containsExactly(
            "history " + file() + ": in use by another process; this start is not kept");

    Startup startup = world.diamond();
    history.follow(startup);
    startup.start();
    new HistoryFile(file()).underLock(startup::close);
    assertThat(file()).doesNotExist();
    world.time.advance(HistoryWriter.PAUSE);
    assertThat(file()).exists();
    assertThat(world.time.pending()).isZero();
  }

  /** On POSIX, closing any channel of a file gives up all of the process's locks on it. */
  @Test
  void whoAsksInVainDoesNotGiveTheLockOfItsProcessAway() throws Exception {
    Path sameFile = directory.resolve("..").resolve(directory.getFileName()).resolve("history");
    boolean done =
        new HistoryFile(file())
            .underLock(() -> {
              assertThat(new HistoryFile(sameFile).underLock(() -> {})).isFalse();
              assertThat(exitOf("try")).isEqualTo(HistoryChild.LOCKED);
            });
    assertThat(done).isTrue();
    assertThat(exitOf("try")).isEqualTo(HistoryChild.FREE);
    assertThat(new HistoryFile(sameFile).underLock(() -> {})).isTrue();
  }

  @Test
  void aStartThatIsTooLongIsNotTriedAgainAndCostsNoOther() throws Exception {
    History history = open();
    world.past(history, 1, 2, 5, 3);
    String before = Files.readString(file());
    String name = "x".repeat(HistoryText.MOST_BYTES);
    Startup startup = world.define().phase(name, p -> p.signalled()).build();
    history.follow(startup);
    startup.start();
    startup.signal(name).ready();
    assertThat(world.time.pending()).isZero();
    assertThat(file()).hasContent(before);
    assertThat(logs.warnings())
        .singleElement()
        .asString()
        .endsWith("more than 1048576 bytes (expected: at most that); this start is not kept");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "vestibule-history 2\nsomething new\n",
        "vestibule-history 1\n0123456789abcdef 2026-03-01T06:30:00Z complete 1.000 a=1.000\n",
      })
  void whatIsNoHistoryIsSetAsideWithOneWarning(String content) throws Exception {
    Files.writeString(file(), content);
    History history = open();
    world.past(history, 1, 2, 5, 3);
    assertThat(logs.warnings())
        .singleElement()
        .asString()
        .startsWith("history " + file() + ": ")
        .contains("(expected: ")
        .endsWith("; set aside as history.set-aside, beginning anew");
    assertThat(directory.resolve("history.set-aside")).hasContent(content);
    assertThat(whole(open())).isEqualTo(9.0);
    assertThat(logs.warnings()).hasSize(1);
  }

  @Test
  void noMoreThanAMebibyteIsRead() throws Exception {
    Files.writeString(file(), "x".repeat(HistoryText.MOST_BYTES + 1));
    open();
    assertThat(logs.warnings())
        .singleElement()
        .asString()
        .contains("more than 1048576 bytes (expected: at most that)");
  }

  @Test
  void whereNothingCanBeReadItGoesOnWithout() throws Exception {
    Files.createDirectory(file());
    History history = open();
    world.past(history, 1, 2, 5, 3);
    assertThat(whole(history)).as("known to this process").isEqualTo(9.0);
    assertThat(logs.warnings()).singleElement().asString().endsWith("; going on without");
  }

  @Test
  void whereNothingCanBeWrittenItGoesOn() {
    History history = open(directory.resolve("missing").resolve("history"));
    world.past(history, 1, 2, 5, 3);
    assertThat(logs.warnings()).singleElement().asString().endsWith("; this start is not kept");
  }

  @Test
  void aSeedCountsUntilFiveStartsAreKnown() {
    Path seed = directory.resolve("seed");
    History builder = open(seed);
    for (int i = 0; i < 20; i++) {
      world.past(builder, 1, 2, 5, 3);
    }
    History history = open().seed(seed);
    assertThat(starts(history)).isEqualTo(20);
    assertThat(file()).doesNotExist();
    for (int i = 1; i <= 4; i++) {
      world.past(history, 1, 2, 4, 3);
      assertThat(starts(history)).isEqualTo(20 + i);
    }
    world.past(history, 1, 2, 4, 3);
    assertThat(starts(history)).isEqualTo(5);
    assertThat(whole(history)).isEqualTo(8.0);
  }

  @Test
  void aSeedThatCannotBeReadIsLeftWhereItIs() throws Exception {
    Path seed = Files.writeString(directory.resolve("seed"), "nonsense");
    open().seed(seed).seed(directory.resolve("missing"));
    assertThat(logs.warnings())
        .satisfiesExactly(
            first -> assertThat(first).startsWith("seed " + seed).endsWith("; going on without"),
            second -> assertThat(second).endsWith("nothing in it (expected: a history)"));
    assertThat(seed).hasContent("nonsense");
  }

  @Test
  void closingWaitsForWhatIsBeingWritten() {
    History history = History.open(file());
    world.past(history, 1, 2, 5, 3);
    history.close(Duration.ofMinutes(1));
    assertThat(file()).exists();
  }

  @Test
  void tellsTheLastStartsOfAGraphTheNewestFirst() {
    Path seed = directory.resolve("seed");
    world.past(open(seed), 9, 9, 9, 9);
    world.past(open(), 1, 2, 5, 3);
    History history = open().seed(seed);
    world.past(history, Map.of("top", 1.0), startup -> startup.signal("right").failed(fault));
    List<PhaseSnapshot> graph = World.graph(world.diamond());

    assertThat(history.last(graph, 50))
        .as("that of this process and that of the one before, not the seed's")
        .extracting(PastStart::at, PastStart::state, PastStart::elapsed)
        .containsExactly(
            tuple(
                Instant.parse("2026-03-01T08:30:01Z"),
                StartupState.DEGRADED,
                Duration.ofSeconds(1)),
            tuple(
                Instant.parse("2026-03-01T07:30:09Z"),
                StartupState.COMPLETE,
                Duration.ofSeconds(9)));
    PastStart newest = history.last(graph, 1).get(0);
    PhaseTime right = Objects.requireNonNull(newest.phases().get("right"));
    assertThat(right.end()).isEqualTo(PhaseTime.End.FAILED);
    assertThat(right.isCensored()).isTrue();
    PhaseTime top = Objects.requireNonNull(newest.phases().get("top"));
    assertThat(top.isCensored()).isFalse();
    assertThat(top.took()).isEqualTo(Duration.ofSeconds(1));
    assertThat(history.last(graph, 0)).isEmpty();
    Startup other = world.define().phase("other", p -> p.signalled()).build();
    assertThat(history.last(World.graph(other), 50)).as("another graph").isEmpty();
    assertThatThrownBy(() -> history.last(graph, -1)).hasMessage("most: -1 (expected: >= 0)");
  }

  private Path file() {
    return directory.resolve("history");
  }

  private History open() {
    return open(file());
  }

  private History open(Path file) {
    return History.open(file, world, world.time, Runnable::run);
  }

  private double whole(History history) {
    return remaining(history).p50().toNanos() / 1e9;
  }

  private int starts(History history) {
    return remaining(history).starts();
  }

  private Estimate remaining(History history) {
    return Objects.requireNonNull(history.remaining(world.diamond().snapshot(), Set.of("bottom")));
  }

  private int exitOf(String what) {
    try {
      Process child = child(what, "0");
      assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return child.exitValue();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private Process child(String what, String micros) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = System.getProperty("java.class.path");
    return new ProcessBuilder(
            List.of(
                java,
                "-cp",
                classes,
                HistoryChild.class.getName(),
                file().toString(),
                what,
                micros))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
