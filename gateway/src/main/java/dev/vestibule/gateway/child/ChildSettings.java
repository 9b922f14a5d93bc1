package dev.vestibule.gateway.child;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the child is run; already checked.
 *
 * @param command program and arguments; one or more
 * @param innerPort where it is told to listen; null (the default): a free port, another one for
 *     each start. With a fixed one, what an earlier start left behind may be taken for the next.
 * @param restart when it is started again; default {@link Restart#ON_FAILURE}
 * @param mostRestarts how often in a row at most; default 5; 0: never. The count begins again once
 *     it was ready for {@link #SETTLED}.
 * @param firstDelay before the first restart in a row, more than zero; twice as long before each
 *     further one, at most {@link #LONGEST_DELAY}, or this if it is longer; default 100 ms
 * @param notifies whether it says that it is ready by itself: it finds {@code NOTIFY_SOCKET} in its
 *     environment
 * @param grace how long it may take to end when it is told to, before it is killed; default 30 s
 */
public record ChildSettings(
    List<String> command,
    @Nullable Integer innerPort,
    Restart restart,
    int mostRestarts,
    Duration firstDelay,
    boolean notifies,
    Duration grace) {

  /** Restarts in a row, unless told otherwise. */
  public static final int MOST_RESTARTS = 5;

  /** Before the first restart in a row, unless told otherwise. */
  public static final Duration FIRST_DELAY = Duration.ofMillis(100);

  /** Before any restart, at most. */
  public static final Duration LONGEST_DELAY = Duration.ofSeconds(5);

  /** After so long of being ready, what came before is forgotten. */
  public static final Duration SETTLED = Duration.ofSeconds(10);

  /** Copies the list, so that the record is immutable; all mistakes are told at once. */
  public ChildSettings {
    command = List.copyOf(command);
    List<String> mistakes = new ArrayList<>();
    if (command.isEmpty()) {
      mistakes.add("command: empty (expected: a program and its arguments)");
    }
    if (innerPort != null && (innerPort < 1 || innerPort > 65_535)) {
      mistakes.add("innerPort: %d (expected: 1 to 65535)".formatted(innerPort));
    }
    if (mostRestarts < 0) {
      mistakes.add("mostRestarts: %d (expected: >= 0)".formatted(mostRestarts));
    }
    if (firstDelay.isNegative() || firstDelay.isZero()) {
      mistakes.add("firstDelay: %s (expected: > PT0S)".formatted(firstDelay));
    }
    if (grace.isNegative()) {
      mistakes.add("grace: %s (expected: >= PT0S)".formatted(grace));
    }
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", mistakes));
    }
  }

  /**
   * With the usual rest before the first restart.
   *
   * @param command program and arguments
   * @param innerPort where it is told to listen; null: a free port
   * @param restart when it is started again
   * @param mostRestarts how often in a row at most
   * @param notifies whether it says that it is ready by itself
   * @param grace how long it may take to end
   */
  public ChildSettings(
      List<String> command,
      @Nullable Integer innerPort,
      Restart restart,
      int mostRestarts,
      boolean notifies,
      Duration grace) {
    this(command, innerPort, restart, mostRestarts, FIRST_DELAY, notifies, grace);
  }

  /**
   * What holds unless told otherwise.
   *
   * @param command program and arguments
   * @return restarted on failure, five times in a row; grace 30 s
   */
  public static ChildSettings of(List<String> command) {
    return new ChildSettings(
        command,
        null,
        Restart.ON_FAILURE,
        MOST_RESTARTS,
        FIRST_DELAY,
        false,
        Duration.ofSeconds(30));
  }

  /** When it is started again. */
  public enum Restart {
    /** When it ended with another code than 0, as systemd's {@code Restart=on-failure} has it. */
    ON_FAILURE,
    /** Whenever it ended. */
    ALWAYS,
    /** Never. */
    NEVER
  }

  /** Whether it is started again after this code, the count aside. */
  boolean restartsAfter(int code) {
    return switch (restart) {
      case ON_FAILURE -> code != 0;
      case ALWAYS -> true;
      case NEVER -> false;
    };
  }

  /** Before the restart with this number in a row, from 0: doubled each time, within bounds. */
  Duration delay(int number) {
    // More doublings than this overflow nothing and exceed the cap.
    Duration delay = firstDelay.multipliedBy(1L << Math.min(number, 20));
    Duration most = firstDelay.compareTo(LONGEST_DELAY) > 0 ? firstDelay : LONGEST_DELAY;
    return delay.compareTo(most) < 0 ? delay : most;
  }
}
