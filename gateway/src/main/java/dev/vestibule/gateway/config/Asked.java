package dev.vestibule.gateway.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that was said to a process, not yet what it means.
 *
 * @param run whether it starts the server behind itself
 * @param flags the command line
 * @param command the server to start
 * @param file the file that was named; null when none was
 * @param environment as {@link System#getenv()} has it
 * @param descriptors how many files and sockets the process may open
 * @param inherited the listening socket that it was started with; null: it opens its own
 */
public record Asked(
    boolean run,
    Section flags,
    List<String> command,
    @Nullable SettingsFile file,
    Map<String, String> environment,
    int descriptors,
    @Nullable Integer inherited) {

  /** Copies the collections, so that the record is immutable. */
  public Asked {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }
}
