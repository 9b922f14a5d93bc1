package dev.vestibule.gateway.config;

import java.time.Duration;
import java.util.List;

/**
 * The server that {@code run} starts, and how often.
 *
 * @param upstream the name of the upstream that it is
 * @param command the program and its arguments; one or more
 * @param restarts how often in a row it is started again; zero or more
 * @param restartDelay rest before the first start in a row; doubled with each
 * @param innerPort what it is given as PORT; 0: a free one, another with each start
 */
public record RunSettings(
    String upstream, List<String> command, int restarts, Duration restartDelay, int innerPort) {

  /** How often in a row, unless told otherwise. */
  public static final int RESTARTS = 5;

  /** The first rest, unless told otherwise. */
  public static final Duration RESTART_DELAY = Duration.ofMillis(100);

  /** Copies the list, so that the record is immutable. */
  public RunSettings {
    command = List.copyOf(command);
  }
}
